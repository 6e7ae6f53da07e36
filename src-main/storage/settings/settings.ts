import { isDeepStrictEqual } from 'node:util'
import { Failure } from '../../lib/failure.ts'
import { Listeners } from '../../lib/listeners.ts'
import type { Cipher } from './cipher.ts'
import { tidiedSetting, unusableSetting } from './setting-entries.ts'
import { openSecret, sealSecret, secretKey, splitSecret } from './setting-secret.ts'
import { settingSchemas } from './settings-schema.ts'
import type { SettingName, SettingValue, SettingValues } from './settings-schema.ts'

/** Where values are kept: `conf` in headless, electron-store in the desktop, in the same file. */
export interface SettingsStore {
  /** Where a file that could not be read was moved to when the store was opened. */
  readonly quarantine?: string
  get(key: string): unknown
  set(key: string, value: unknown): void
  delete(key: string): void
}

const names = Object.keys(settingSchemas) as SettingName[]

/** The settings by name, checked by their schemas; a kept value that its schema refuses counts as not set. */
export class Settings {
  /** Names each setting whose value is another one now. */
  readonly onChange = new Listeners<SettingName>()
  readonly #store: SettingsStore
  readonly #overrides = new Map<SettingName, unknown>()
  readonly #read = new Map<SettingName, unknown>()
  /** Secrets of values of this run only. */
  readonly #overrideSecrets = new Map<SettingName, string | null>()
  #cipher: Cipher | null = null

  constructor(store: SettingsStore) {
    this.#store = store
  }

  /** Where a damaged settings file was moved to, which the operator is to be told; null where there was none. */
  get quarantine(): string | null {
    return this.#store.quarantine ?? null
  }

  get<Name extends SettingName>(name: Name): SettingValue<Name> {
    if (this.#overrides.has(name)) return this.#overrides.get(name) as SettingValue<Name>
    if (!this.#read.has(name)) this.#read.set(name, this.#kept(name))
    return this.#read.get(name) as SettingValue<Name>
  }

  all(): SettingValues {
    return Object.fromEntries(names.map((name) => [name, this.get(name)])) as SettingValues
  }

  /** What has another value in this run only. */
  overridden(): SettingName[] {
    return Array.from(this.#overrides.keys())
  }

  /** What was set and kept, by name: neither defaults nor the values of this run only. */
  kept(): Partial<SettingValues> {
    const set = names.filter((name) => this.#store.get(name) !== undefined)
    return Object.fromEntries(set.map((name) => [name, this.#kept(name)]))
  }

  /** Sealed secrets as they are kept, by the names they are kept under. */
  sealedSecrets(): Record<string, unknown> {
    const kept = names.map((name) => [secretKey(name), this.#store.get(secretKey(name))])
    return Object.fromEntries(kept.filter(([, sealed]) => sealed !== undefined)) as Record<string, unknown>
  }

  /**
   * What secrets are sealed with, once the data key is there. Until then none can be kept. One that somebody wrote into the
   * file is sealed, too; where the file cannot be written it stays as it is, and is not used.
   */
  sealSecretsWith(cipher: Cipher): void {
    this.#cipher = cipher
    for (const name of names) {
      const written = this.#store.get(name)
      if (splitSecret(name, written).secret === null || !settingSchemas[name].safeParse(written).success)
        continue
      try {
        this.set(name, written)
      } catch (error) {
        if (!(error instanceof Failure)) throw error
      }
    }
  }

  /** The part of a value that is never told otherwise, such as a proxy's password; null where there is none. */
  secretOf(name: SettingName): string | null {
    if (this.#overrides.has(name)) return this.#overrideSecrets.get(name) ?? null
    if (this.#cipher === null) return null
    return openSecret(this.#cipher, name, this.get(name), this.#store.get(secretKey(name)))
  }

  /**
   * Keeps a value; one that is overridden changes with the next run only.
   * Throws Failure `setting_unknown`, `setting_invalid`, `storage_unavailable`.
   */
  set(name: string, value: unknown): void {
    const known = knownName(name)
    const { value: accepted, secret } = splitSecret(known, accept(known, value))
    // For this run only it means any free port; kept, callers would have to look for another one after each start.
    if (known === 'api.port' && accepted === 0) throw invalid(known, 'takes a whole number from 1 to 65535.')
    const before = this.#whole(known)
    // Another value's secret is of no use to this one; the same value, shown without it, keeps it.
    if (secret !== null) this.#keepSecret(known, accepted, secret)
    else if (!isDeepStrictEqual(accepted, this.#kept(known))) this.#dropSecret(known)
    this.#keep(known, accepted)
    this.#read.set(known, accepted)
    if (!isDeepStrictEqual(before, this.#whole(known))) this.onChange.emit(known)
  }

  /** A value for this run only, as text. Throws Failure `setting_unknown`, `setting_invalid`. */
  override(name: string, text: string): void {
    const known = knownName(name)
    const { value: accepted, secret } = splitSecret(known, accept(known, text))
    const before = this.#whole(known)
    this.#overrides.set(known, accepted)
    this.#overrideSecrets.set(known, secret)
    if (!isDeepStrictEqual(before, this.#whole(known))) this.onChange.emit(known)
  }

  #whole(name: SettingName): unknown[] {
    return [this.get(name), this.secretOf(name)]
  }

  #kept(name: SettingName): unknown {
    const schema = settingSchemas[name]
    const kept = schema.safeParse(this.#store.get(name))
    return kept.success ? splitSecret(name, kept.data).value : schema.parse(undefined)
  }

  #keepSecret(name: SettingName, value: unknown, secret: string): void {
    if (this.#cipher === null) throw new Error('there is no data key yet to seal a setting with')
    this.#keep(secretKey(name), sealSecret(this.#cipher, name, value, secret))
  }

  #dropSecret(name: SettingName): void {
    const key = secretKey(name)
    if (this.#store.get(key) !== undefined) this.#write(() => this.#store.delete(key))
  }

  #keep(key: string, value: unknown): void {
    this.#write(() => this.#store.set(key, value))
  }

  /** Changes the file. Throws Failure `storage_unavailable`. */
  #write(change: () => void): void {
    try {
      change()
    } catch (cause) {
      throw new Failure(
        'storage_unavailable',
        'The setting could not be saved: settings.json in the data folder cannot be written. Check the disk and the permissions.',
        { cause },
      )
    }
  }
}

function knownName(name: string): SettingName {
  const known = names.find((candidate) => candidate === name)
  if (known !== undefined) return known
  throw new Failure('setting_unknown', `There is no setting named ${name}.`)
}

function accept(name: SettingName, value: unknown): unknown {
  // Nothing given would be taken for the default.
  if (value === undefined) throw new Failure('setting_invalid', `The setting ${name} needs a value.`)
  const result = settingSchemas[name].safeParse(value)
  if (!result.success) {
    const wanted = new Set(result.error.issues.map(({ message }) => message))
    throw invalid(name, `takes ${[...wanted].join(' and ')}.`)
  }
  const tidied = tidiedSetting(name, result.data)
  const wanted = unusableSetting(name, tidied)
  if (wanted !== null) throw invalid(name, `takes ${wanted}.`)
  return tidied
}

function invalid(name: SettingName, words: string): Failure {
  return new Failure('setting_invalid', `The setting ${name} ${words}`)
}
