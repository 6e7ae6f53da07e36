import { z } from 'zod'
import { readProxyAddress, withProxyScheme } from '../../egress/proxy-address.ts'

// What a schema says of a value that it refuses completes "takes …".

const list = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '')
      : value,
  z.array(z.string(), { error: 'a list, separated by commas' }),
)
const flag = z.preprocess(
  (value) => {
    if (value === 'true' || value === '1' || value === 'yes' || value === 'on') return true
    if (value === 'false' || value === '0' || value === 'no' || value === 'off') return false
    return value
  },
  z.boolean({ error: 'true or false' }),
)
const whole = (least: number, most: number) => {
  const error = `a whole number from ${least} to ${most}`
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error })
}
const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `one of ${values.join(', ')}` })
/** A setting that has no value of its own until somebody gives it one; `null` takes it back. */
const unless = <Inner extends z.ZodType>(inner: Inner) =>
  z.preprocess((value) => (value === '' || value === 'unset' ? null : value), inner.nullable())

const proxyError =
  'system, none, or the address of a proxy such as http://proxy.lan:3128, http://name:password@10.0.0.1:8080 or ' +
  'socks5://10.0.0.1:1080'
const proxy = z.preprocess(
  (value) => (typeof value === 'string' ? withProxyScheme(value) : value),
  z
    .string({ error: proxyError })
    .refine((text) => text === 'system' || text === 'none' || readProxyAddress(text) !== null, {
      error: proxyError,
    }),
)

/**
 * Every setting: one schema a key, which also reads the text form of `--setting NAME=VALUE`. Types and
 * defaults are derived from here; a value in the file that its schema refuses counts as not set.
 */
export const settingSchemas = {
  /** The country code that a leading 0 stands for. */
  'numbers.countryCode': z.coerce
    .string()
    .regex(/^[1-9]\d{0,2}$/, { error: 'a country code of 1 to 3 digits, such as 62' })
    .default('62'),

  /** null: `normal` for whatsapp devices, `off` for the other kinds. */
  pace: unless(oneOf('normal', 'off')).default(null),
  /** Ceilings of the normal pace, per device. */
  'pace.perHour': whole(1, 100_000).default(600),
  'pace.perDay': whole(1, 1_000_000).default(5_000),
  'pace.newContactsPerDay': whole(1, 100_000).default(60),
  /** A device that was linked lately begins with fewer new contacts a day. */
  'pace.warmUp': flag.default(true),

  /** The operator has paused sending, over restarts too. */
  'sending.paused': flag.default(false),

  /** Devices that there may be; more are refused. */
  'devices.maxCount': whole(1, 1_000).default(50),

  'api.port': whole(0, 65_535).default(3210),
  'api.lan': flag.default(false),
  /** Addresses of this PC that LAN access binds; empty: every private address of its own. */
  'api.lanAddresses': list.default([]),
  'api.allowedOrigins': list.default([]),
  /** Names of this PC that others call it by, in the Host header. */
  'api.hostNames': list.default([]),
  /** null: no limit on loopback, 600 per key over the LAN; 0: no limit. */
  'api.requestsPerMinute': unless(whole(0, 1_000_000)).default(null),
  'api.maxConnections': whole(1, 10_000).default(256),
  /** Messages that may wait in the outbox of one device before calls are refused. */
  'api.maxQueued': whole(1, 1_000_000).default(10_000),

  /** host, host:port or CIDR whose private addresses may be fetched from. */
  'media.trustedHosts': list.default([]),
  'media.maxImageMiB': whole(1, 2_000).default(16),
  'media.maxAudioMiB': whole(1, 2_000).default(16),
  'media.maxVideoMiB': whole(1, 2_000).default(64),
  'media.maxDocumentMiB': whole(1, 2_000).default(100),

  /** The way out of this PC. Its password is kept apart (setting-secret.ts). */
  'network.proxy': proxy.default('system'),

  'log.retentionDays': whole(1, 3_650).default(90),
  'log.keepTexts': oneOf('yes', 'masked', 'no').default('yes'),

  'window.language': oneOf('system', 'id', 'en').default('system'),
  'window.theme': oneOf('system', 'light', 'dark').default('system'),
  'window.firstRunDone': flag.default(false),

  'desktop.startAtLogin': flag.default(false),
  'desktop.keepAwake': flag.default(true),
  'desktop.notifications': flag.default(true),
  'desktop.closeNoticeShown': flag.default(false),
  'desktop.windowBounds': z
    .object(
      {
        x: z.number().optional(),
        y: z.number().optional(),
        width: z.number(),
        height: z.number(),
        maximized: z.boolean(),
      },
      { error: 'the place of a window' },
    )
    .nullable()
    .default(null),
  'updates.automatic': flag.default(false),

  /** How talkative the program's own log is. */
  'diagnostics.logLevel': oneOf('error', 'warn', 'info', 'debug', 'trace').default('info'),
} as const

export type SettingName = keyof typeof settingSchemas
export type SettingValue<Name extends SettingName> = z.output<(typeof settingSchemas)[Name]>
export type SettingValues = { [Name in SettingName]: SettingValue<Name> }
