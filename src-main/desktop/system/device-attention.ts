import type { Device } from '../../devices/device.ts'

/** Whether only the operator can bring that device back. What was never paired, or stopped here, may rest. */
export function needsOperator({ paired, state }: Device): boolean {
  if (state.name === 'stopped') return state.reason !== 'by_operator' && state.reason !== 'not_in_this_run'
  if (state.name !== 'unpaired') return false
  return !paired && lostByItself.has(state.reason)
}

/** Ends of a pairing that was once good; a QR that nobody scanned asks for nothing. */
const lostByItself: ReadonlySet<string | null> = new Set([
  'logged_out',
  'bad_session',
  'keys_unreadable',
  'banned',
])
