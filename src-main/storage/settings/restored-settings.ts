import { isDeepStrictEqual } from 'node:util'
import { unusableSetting } from './setting-entries.ts'
import { splitSecret } from './setting-secret.ts'
import { settingSchemas } from './settings-schema.ts'
import type { SettingName } from './settings-schema.ts'

/**
 * What a restore does with each setting of a backup. `take`: it replaces this PC's. `ask`: it decides who reaches Kurir, or
 * where Kurir reaches to; it replaces this PC's only where the operator says so. `leave`: it belongs to this PC.
 */
const restorePolicies: Readonly<Record<SettingName, 'take' | 'ask' | 'leave'>> = {
  'numbers.countryCode': 'take',
  pace: 'take',
  'pace.perHour': 'take',
  'pace.perDay': 'take',
  'pace.newContactsPerDay': 'take',
  'pace.warmUp': 'take',
  'sending.paused': 'take',
  'devices.maxCount': 'take',
  'api.port': 'ask',
  'api.lan': 'ask',
  'api.lanAddresses': 'ask',
  'api.allowedOrigins': 'ask',
  'api.hostNames': 'ask',
  'api.requestsPerMinute': 'take',
  'api.maxConnections': 'take',
  'api.maxQueued': 'take',
  'media.trustedHosts': 'ask',
  'media.maxImageMiB': 'take',
  'media.maxAudioMiB': 'take',
  'media.maxVideoMiB': 'take',
  'media.maxDocumentMiB': 'take',
  'network.proxy': 'ask',
  'log.retentionDays': 'take',
  'log.keepTexts': 'take',
  'window.language': 'take',
  'window.theme': 'take',
  'window.firstRunDone': 'take',
  'desktop.startAtLogin': 'take',
  'desktop.keepAwake': 'take',
  'desktop.notifications': 'take',
  'desktop.closeNoticeShown': 'take',
  'desktop.windowBounds': 'leave',
  'updates.automatic': 'take',
  'diagnostics.logLevel': 'take',
}

/** A setting that the operator is asked about: what it would become, and what it is. */
export interface AccessSetting {
  readonly name: SettingName
  readonly value: unknown
  readonly now: unknown
}

type Values = Readonly<Record<string, unknown>>

/** What is kept in settings.json of this PC. */
export interface KeptSettings {
  readonly values: Values
  readonly secrets: Values
}

/** Those of a backup that decide who reaches Kurir, and have another value than on this PC. */
export function accessSettings(backup: Values, current: Values): AccessSetting[] {
  return usable(backup)
    .filter(([name]) => restorePolicies[name] === 'ask')
    .map(([name, value]) => ({ name, value: splitSecret(name, value).value, now: valueOr(current, name) }))
    .filter(({ value, now }) => !isDeepStrictEqual(value, now))
}

/**
 * The settings after a restore. What the backup does not name has its default again, but for what is asked about or belongs
 * to this PC: that stays. Names that this version does not know, and values that it does not take, are left out.
 * @param secrets sealed ones of this PC, by the names they are kept under; of no use to other values than theirs
 */
export function restoredSettings(
  backup: Values,
  { values: current, secrets }: KeptSettings,
  includeAccess: boolean,
): Values {
  const kept = usable(current).filter(([name]) => restorePolicies[name] !== 'take')
  const taken = usable(backup).filter(
    ([name]) => restorePolicies[name] === 'take' || (restorePolicies[name] === 'ask' && includeAccess),
  )
  return { ...Object.fromEntries([...kept, ...taken]), ...secrets }
}

function usable(values: Values): [SettingName, unknown][] {
  const names = Object.keys(settingSchemas) as SettingName[]
  return names.flatMap((name): [SettingName, unknown][] => {
    if (!Object.hasOwn(values, name)) return []
    const read = settingSchemas[name].safeParse(values[name])
    if (!read.success || unusableSetting(name, read.data) !== null) return []
    // Any free port: for one run only.
    return name === 'api.port' && read.data === 0 ? [] : [[name, read.data]]
  })
}

function valueOr(values: Values, name: SettingName): unknown {
  return settingSchemas[name].parse(Object.hasOwn(values, name) ? values[name] : undefined)
}
