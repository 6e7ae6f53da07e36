import type { Words } from './en.ts'
import { api } from './id/api.ts'
import { common } from './id/common.ts'
import { devices, pairing } from './id/devices.ts'
import { failures } from './id/failures.ts'
import { log, downloads, story } from './id/log.ts'
import { numberFault } from './id/number-faults.ts'
import { sandbox } from './id/sandbox.ts'
import { messageKinds, messageStates, send } from './id/send.ts'
import { firstRun, settings } from './id/settings.ts'

/** Everything the window says, in Indonesian. A key that is missing here does not compile. */
export const id: Words = {
  common,
  devices,
  pairing,
  failures,
  send,
  numberFault,
  messageStates,
  messageKinds,
  log,
  story,
  downloads,
  api,
  sandbox,
  settings,
  firstRun,
}
