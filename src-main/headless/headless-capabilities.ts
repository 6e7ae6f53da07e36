import { Failure } from '../lib/failure.ts'
import type { HostCapabilities } from '../ipc/host-platform.ts'
import { Listeners } from '../lib/listeners.ts'

/** What the handlers of the window's calls can ask of a program without a desktop. */
export function headlessCapabilities(options: {
  customWhatsApp: boolean
  restart: () => void
}): HostCapabilities {
  const off = { state: 'off', version: null, percent: null, reason: null } as const
  return {
    kind: 'headless',
    can: { startAtLogin: false, keepAwake: false, notify: false, openDataFolder: false, update: false },
    sealedBy: 'file',
    loginItemProblem: () => null,
    systemLanguage: Intl.DateTimeFormat().resolvedOptions().locale,
    customWhatsApp: options.customWhatsApp,
    takeNotices: () => [],
    chooseSavingPlace: async () => ({ where: 'parts' }),
    openDataFolder: async () => refuse(),
    openExternal: async (address) => address,
    restart: options.restart,
    updates: {
      status: () => off,
      check: async () => off,
      install: () => undefined,
      onChange: new Listeners(),
    },
  }
}

function refuse(): never {
  throw new Failure('call_invalid', 'That needs the desktop application.')
}
