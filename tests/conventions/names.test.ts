import { posix } from 'node:path'
import { expect, it } from 'vitest'
import { readSource, sourceFiles } from './source-files.ts'

/** Names of an earlier private language; docs/glossary.md has the field's words for them. */
const replacedNames = new Set(
  `
  Acceptance AcceptanceParts Admission Alarm Carrier Circumstances Desk Door Errand Errands FrameGate HandOver
  HandOvers House Intake IntakeParts Joining Ledger Life LifeEvent LiveRequest Liveness MarksTable Obstacle Office
  Pacer Preparations Preparing Quotes RecallTable Rooms SameText Saving Savings Seal SessionRoom ShellAbilities
  Standing Surface Trouble UnreadAnswers Visit Vitals World
  abilities admit answerTo blip captureOutput carrier catchStrayRejections chooseNext declareDead demandAsAccepted
  desk disown disowned door doubt doubtDevices errand errands furnish gateFrames giveKeyObjects goOnUnread handOver
  handOvers heedClock house isAmongOurs joining keepCompiledCode keepUnasked leanRecord leaveUnheeded letGo
  lookAgain lookIntoImage lookIntoVideo measureSound newborn obstacleFor office onReturn orItsEnd pacer patience
  pressBeside quickLook recallTable rememberNothing restsFor rig savings sayings sealWith setAsideFile standingAnswer
  standingNotices standingOf tell tellOfEvents tellScripts thrown unknownPath untell untold useAct useAnswer vitals
  vouch wholeLook whyItCannotStart whyThereIsNoApi worksFor writeAlong writeWhole wrongMethod
  `
    .trim()
    .split(/\s+/),
)

const replacedFiles = new Set(
  `
  abilities.ts acceptance.ts admission.ts alarm.ts cannot-start.ts captured-output.ts carrier.ts choice.ts
  compiled-code.ts consequence.ts end-reasons.ts errands.ts frame-gate.ts furnish.ts hand-overs.ts hands.ts
  house-double.ts house.ts intake.ts joining.ts keep-unasked.ts kept-upload.ts lean-records.ts ledger.ts
  life-cycle.ts line.ts live-request.ts liveness.ts look-into-sound.ts marks-table.ts no-api.ts obstacles.ts
  pacer.ts preparations.ts preparing.ts press-beside.ts quotes.ts recall-table.ts rig.ts same-text.ts saving-place.ts
  savings.ts seal.ts sentences.ts session-room.ts set-aside.ts standing-notices.ts standing.ts stray-rejections.ts
  surface.tsx talkative-exchange.ts trouble.tsx unheeded.ts whole-file.ts world.ts
  `
    .trim()
    .split(/\s+/),
)

const files = sourceFiles('src-main', 'src-preload', 'src-renderer', 'tests', 'scripts')

it('names nothing by a word that was replaced', () => {
  const found = files.flatMap((file) =>
    Array.from(readSource(file).identifiers)
      .filter((name) => replacedNames.has(name))
      .map((name) => `${file}: ${name}`),
  )
  expect(found).toEqual([])
})

it('gives a maximum and a minimum the prefixes max and min', () => {
  const found = files.flatMap((file) =>
    Array.from(readSource(file).identifiers)
      .filter((name) => /^(?:most|least|longest|shortest)[A-Z]/.test(name))
      .map((name) => `${file}: ${name}`),
  )
  expect(found).toEqual([])
})

it('has no file of a name that was replaced', () => {
  expect(files.filter((file) => replacedFiles.has(posix.basename(file)))).toEqual([])
})

it('gives each file of the sources a name of its own', () => {
  // A language has the same files as the other, and a calls' declaration the name of its module.
  const sources = files.filter((file) => file.startsWith('src-main/'))
  const byName = Map.groupBy(sources, (file) => posix.basename(file))
  expect(Array.from(byName.values()).filter(({ length }) => length > 1)).toEqual([])
})
