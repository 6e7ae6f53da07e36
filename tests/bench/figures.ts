import type { Figure } from './figure.ts'
import { fanout } from './figures/fanout.ts'
import { firstSend } from './figures/first-send.ts'
import { longLog } from './figures/log.ts'
import { media } from './figures/media.ts'
import { fifty, fiveHundred } from './figures/memory.ts'
import { reconnecting } from './figures/reconnects.ts'
import { refuse } from './figures/refuse.ts'
import { sending } from './figures/sending.ts'
import { windowJs } from './figures/window-js.ts'

/** All of them, in the order in which they are measured. */
export const figures: readonly Figure[] = [
  sending,
  refuse,
  firstSend,
  fifty,
  windowJs,
  fanout,
  reconnecting,
  media,
  longLog,
  fiveHundred,
]
