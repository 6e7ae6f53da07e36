import { describe, expect, test } from 'vitest'
import type { DeviceState, EndReason } from '../../src-main/devices/device.ts'
import {
  deviceRule,
  placeOf,
  shownName,
  type DeviceRule,
} from '../../src-main/desktop/system/notification-rules.ts'
import { connected, connecting, pairing, someDevice, waiting } from './some-device.ts'

const nothing: DeviceRule = { do: 'nothing' }
const forget: DeviceRule = { do: 'forget' }
const wait: DeviceRule = { do: 'wait' }
const stopped = (reason: EndReason): DeviceState => ({ name: 'stopped', reason })
const unpaired = (reason: EndReason | null): DeviceState => ({ name: 'unpaired', reason })
const notify = (note: string): DeviceRule => ({ do: 'tell', note }) as DeviceRule

describe('what a step of a device asks for', () => {
  const table: [string, DeviceState | null, DeviceState, DeviceRule][] = [
    ['seen connecting when the program starts', null, connecting, wait],
    ['seen waiting when the program starts', null, waiting, wait],
    ['seen connected when the program starts', null, connected, forget],
    ['seen stopped when the program starts', null, stopped('banned'), nothing],
    ['drops', connected, waiting, wait],
    ['drops and connects at once', connected, connecting, wait],
    ['goes on trying', waiting, connecting, nothing],
    ['goes on waiting', connecting, waiting, nothing],
    ['is back', connecting, connected, forget],
    ['is paired again by the operator', waiting, pairing, forget],
    ['is logged out by its phone', connected, stopped('logged_out'), notify('loggedOut')],
    ['is logged out while away', waiting, unpaired('logged_out'), notify('loggedOut')],
    ['is replaced by another session', connected, stopped('replaced'), notify('stopped')],
    ['is banned', connecting, stopped('banned'), notify('stopped')],
    ['has a session that cannot be read', connecting, stopped('bad_session'), notify('needsPairing')],
    ['has keys that cannot be opened', connecting, unpaired('keys_unreadable'), notify('needsPairing')],
    ['is stopped by the operator', connected, stopped('by_operator'), forget],
    ['is left out of this run', connecting, stopped('not_in_this_run'), forget],
    ['was not scanned in time', pairing, unpaired('pairing_expired'), forget],
    ['was scanned by another phone', pairing, unpaired('wrong_phone'), forget],
    ['stays stopped', stopped('banned'), stopped('banned'), nothing],
  ]
  test.each(table)('%s', (_, before, after, rule) => {
    const earlier = before === null ? undefined : someDevice(before)
    expect(deviceRule(earlier, someDevice(after))).toEqual(rule)
  })

  test('a device that was never paired is not waited for', () => {
    expect(deviceRule(undefined, someDevice(connecting, { paired: false }))).toEqual(nothing)
  })

  test('a time-lock is told when it begins, not while it lasts', () => {
    const free = someDevice(connected)
    const locked = someDevice(connected, { timeLock: { until: null } })
    expect(deviceRule(free, locked)).toEqual(notify('timeLocked'))
    expect(deviceRule(locked, locked)).toEqual(forget)
    expect(deviceRule(locked, free)).toEqual(forget)
  })
})

describe('a name in a notification', () => {
  test.each(['Kasir', 'Toko 24', 'Cabang 12 lantai 3'])('shows %s', (name) => {
    expect(shownName(name, 'A device')).toBe(name)
  })

  test.each(['6281234567890', 'Kasir 0812-3456-7890', '+62 812 3456 7890', 'WA (021) 555 123'])(
    'does not show %s, which may be a number',
    (name) => {
      expect(shownName(name, 'A device')).toBe('A device')
    },
  )
})

test('a click opens the place that the notification is about', () => {
  expect([placeOf('dropped'), placeOf('portUnavailable'), placeOf('diskFull')]).toEqual([
    'devices',
    'api',
    'settings',
  ])
})
