import { Egress } from '../../src-main/egress/egress.ts'
import type { EgressOptions } from '../../src-main/egress/egress.ts'
import { Settings } from '../../src-main/storage/settings/settings.ts'
import type { SettingsStore } from '../../src-main/storage/settings/settings.ts'
import { silentLog } from '../devices/devices-fixture.ts'

/** Settings in memory. */
function memorySettings(): {
  settings: Settings
  store: SettingsStore & { all: Map<string, unknown> }
} {
  const all = new Map<string, unknown>()
  const store = {
    all,
    get: (key: string) => all.get(key),
    set: (key: string, value: unknown) => void all.set(key, value),
    delete: (key: string) => void all.delete(key),
  }
  return { settings: new Settings(store), store }
}

/** A real egress with that proxy for this run. */
export function egressOf(proxy: string, options: Partial<EgressOptions> = {}): Egress {
  const { settings } = memorySettings()
  settings.override('network.proxy', proxy)
  return new Egress({ settings, log: silentLog, systemProxy: null, environment: {}, ...options })
}
