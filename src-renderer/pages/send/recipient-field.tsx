import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertCircle, IconCircleCheck, IconHelpCircle, IconUsers } from '@tabler/icons-react'
import type { ClipboardEvent } from 'react'
import type { Device, Presence, WrittenNumber } from '../../../src-preload/contract.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { phone } from '../../i18n/format.ts'
import { useCallQuery } from '../../program/ipc-call.ts'
import type { DraftProps } from './send-form.tsx'
import classes from './send-page.module.css'

const readAfterMs = 120
/** Asking WhatsApp waits until the writing has paused: every question counts against the account. */
const lookUpAfterMs = 900
/** More than that would push the message's own field off the page. */
const maxChips = 20

/** Who it is for, with what each number means and whether WhatsApp knows it, as it is typed. */
export function RecipientField({ draft, change, device }: DraftProps & { device: Device }) {
  const { t } = useDictionary()
  const [text] = useDebouncedValue(draft.recipients, readAfterMs)
  const written = useCallQuery('numbers.read', { text }, { enabled: text.trim() !== '' }).data ?? []
  const presence = usePresence(written, device)
  const shown = firstOf(written)
  const more = written.length - shown.length
  return (
    <div>
      <TextInput
        label={t.send.recipient}
        description={t.send.recipientHint}
        value={draft.recipients}
        inputMode="tel"
        autoComplete="off"
        onChange={(event) => change({ recipients: event.currentTarget.value })}
        onPaste={pasteLines}
      />
      {text.trim() !== '' && written.length > 0 && (
        <ul className={classes.chips} aria-live="polite">
          {shown.map((one, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- one number may be written twice
            <Chip key={index} written={one} presence={presence(one)} />
          ))}
          {more > 0 && <li className={classes.chip}>{t.send.moreRecipients(more)}</li>}
        </ul>
      )}
    </div>
  )
}

/** Those that were not read come first: the operator has to mend them. */
function firstOf(written: WrittenNumber[]): WrittenNumber[] {
  if (written.length <= maxChips) return written
  const unread = written.filter(({ number }) => number === null)
  return [...unread, ...written.filter(({ number }) => number !== null)].slice(0, maxChips)
}

/** A column of a spreadsheet is a number a line; a field of one line would make one long number of them. */
function pasteLines(event: ClipboardEvent): void {
  const lines = event.clipboardData.getData('text').split(/[\r\n]+/)
  const written = lines.flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
  if (written.length < 2) return
  event.preventDefault()
  // Nothing else leaves it to be undone by keys.
  document.execCommand('insertText', false, written.join(', '))
}

type Shown = Presence | 'asking'

function usePresence(written: WrittenNumber[], device: Device): (one: WrittenNumber) => Shown {
  const numbers = written.flatMap(({ number }) => (number !== null && /^\d+$/.test(number) ? [number] : []))
  const merged = numbers.join()
  const [settled] = useDebouncedValue(merged, lookUpAfterMs)
  const isFew = numbers.length > 0 && numbers.length <= maxChips
  const enabled = settled === merged && isFew && device.state.name === 'connected'
  const answer = useCallQuery('numbers.lookUp', { deviceId: device.id, numbers }, { enabled })
  return ({ number }) => {
    if (number === null || !isFew || device.state.name !== 'connected' || answer.isError) return 'unknown'
    return answer.data?.[number] ?? 'asking'
  }
}

function Chip({ written, presence }: { written: WrittenNumber; presence: Shown }) {
  const { t } = useDictionary()
  const { number, fault } = written
  if (number === null) {
    return (
      <li className={classes.chip} data-tone="bad">
        <IconAlertCircle size={15} aria-hidden />
        {written.written}: {t.numberFault(fault ?? { kind: 'no_number' })}
      </li>
    )
  }
  if (number.includes('@')) {
    return (
      <li className={classes.chip}>
        <IconUsers size={15} aria-hidden />
        {number}: {t.send.group}
      </li>
    )
  }
  const tone = presence === 'yes' ? 'good' : presence === 'no' ? 'bad' : 'idle'
  const Icon = tone === 'good' ? IconCircleCheck : tone === 'bad' ? IconAlertCircle : IconHelpCircle
  return (
    <li className={classes.chip} data-tone={tone}>
      <Icon size={15} aria-hidden />
      {phone(number)}: {t.send.lookUp[presence]}
    </li>
  )
}
