import { api } from './en/api.ts'
import { common } from './en/common.ts'
import { devices, pairing } from './en/devices.ts'
import { failures } from './en/failures.ts'
import { log, downloads, story } from './en/log.ts'
import { numberFault } from './en/number-faults.ts'
import { sandbox } from './en/sandbox.ts'
import { messageKinds, messageStates, send } from './en/send.ts'
import { firstRun, settings } from './en/settings.ts'

/** Everything the window says, in English; the other languages have its type. */
export const en = {
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

export type Words = typeof en
