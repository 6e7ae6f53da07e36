import { useEffect, useState } from 'react'
import type { Device } from '../../../../src-preload/contract.ts'
import { useCallMutation, useCallQuery } from '../../../program/ipc-call.ts'

export interface FirstRunState {
  shown: boolean
  devices: Device[]
  hasSent: boolean
  hasKey: boolean
  finish: () => void
}

const startedKey = 'kurir-first-run'

/**
 * Whether the three steps are shown: while there is no device, and once begun until they are done or
 * skipped, or when asked for in Settings (which takes the setting back).
 */
export function useFirstRun(): FirstRunState {
  const devices = useCallQuery('devices.list', {}).data
  const settings = useCallQuery('settings.all', {}).data?.values
  const keys = useCallQuery('keys.list', {}).data?.keys
  const range = useCallQuery('messages.range', {}).data
  const set = useCallMutation('settings.set')
  const [begun, setBegun] = useState(() => sessionStorage.getItem(startedKey) !== null)

  const done = settings?.['window.firstRunDone'] ?? true
  const empty = devices?.length === 0
  const begins = !done && empty && !begun
  if (begins) setBegun(true)
  useEffect(() => {
    if (begun) sessionStorage.setItem(startedKey, 'yes')
  }, [begun])

  return {
    shown: !done && begun,
    devices: devices ?? [],
    hasSent: range != null,
    hasKey: (keys ?? []).some(({ name }) => name !== 'sandbox'),
    finish: () => {
      sessionStorage.removeItem(startedKey)
      set.mutate({ name: 'window.firstRunDone', value: true })
    },
  }
}

/** From Settings: the three steps once more, however many phones there are. */
export function beginFirstRunAgain(): void {
  sessionStorage.setItem(startedKey, 'yes')
}
