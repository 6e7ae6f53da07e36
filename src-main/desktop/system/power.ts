import { powerMonitor, powerSaveBlocker } from 'electron'
import type { Devices } from '../../devices/devices.ts'
import type { Settings } from '../../storage/settings/settings.ts'

/**
 * A PC that sleeps is the commonest outage of a gateway: it is kept awake while a device is connected, when the
 * setting says so; the screen may go dark. After a sleep every socket is made anew, as it can be dead while open.
 *
 * @returns lets the PC sleep again
 */
export function watchPower(devices: Devices, settings: Settings): () => void {
  let blocker: number | null = null
  const reconnect = (): void => devices.reconnectAll('resume')
  const keepAwakeIfWanted = (): void => {
    const wanted =
      settings.get('desktop.keepAwake') && devices.list().some((device) => device.state.name === 'connected')
    if (wanted) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    else letSleep()
  }
  powerMonitor.on('resume', reconnect)
  const forgetDevices = devices.onChange.add(keepAwakeIfWanted)
  const forgetRemoved = devices.onRemoved.add(keepAwakeIfWanted)
  const forgetSettings = settings.onChange.add((name) => {
    if (name === 'desktop.keepAwake') keepAwakeIfWanted()
  })
  keepAwakeIfWanted()
  return () => {
    powerMonitor.off('resume', reconnect)
    forgetDevices()
    forgetRemoved()
    forgetSettings()
    letSleep()
  }

  function letSleep(): void {
    if (blocker !== null) powerSaveBlocker.stop(blocker)
    blocker = null
  }
}
