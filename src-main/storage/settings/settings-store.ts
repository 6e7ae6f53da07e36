import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Conf from 'conf'
import { quarantine } from '../data-folder/quarantine.ts'
import type { SettingsStore } from './settings.ts'

/**
 * How both stores keep the settings: one flat object in `settings.json`, where a dot is part of a name.
 * (`name` is what electron-store calls conf's `configName`.)
 */
export const settingsFile = {
  name: 'settings',
  configName: 'settings',
  fileExtension: 'json',
  accessPropertiesByDotNotation: false,
  clearInvalidConfig: false,
  configFileMode: 0o600,
} as const

type Values = Record<string, unknown>

/** The settings of a data folder as `conf` keeps them: written whole to another file, then renamed. */
export function confStore(folder: string): SettingsStore {
  const { name: _, ...options } = settingsFile
  return openSettingsStore(folder, () => new Conf<Values>({ ...options, cwd: folder }))
}

/**
 * Opens a store by `open`. A settings file that cannot be read is set aside under a dated name, which the
 * store then tells, and every setting has its default again. For the desktop:
 * `openSettingsStore(folder, () => new ElectronStore({ ...settingsFile, cwd: folder }))`.
 */
export function openSettingsStore(folder: string, open: () => SettingsStore): SettingsStore {
  try {
    return open()
  } catch (error) {
    const file = join(folder, 'settings.json')
    if (!existsSync(file)) throw error
    const kept = quarantine(file, 'damaged', Date.now())
    const fresh = open()
    return {
      quarantine: kept,
      get: (key) => fresh.get(key),
      set: (key, value) => fresh.set(key, value),
      delete: (key) => fresh.delete(key),
    }
  }
}
