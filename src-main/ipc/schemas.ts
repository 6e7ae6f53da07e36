import { z } from 'zod'
import type { Call, PartSize, RequestOf } from '../../src-preload/contract.ts'
import { settingSchemas, type SettingName } from '../storage/settings/settings-schema.ts'

/** Bytes that one part of a file may hold. */
export const partSize: PartSize = 393_216
const partBase64 = Math.ceil(partSize / 3) * 4

const nothing = z.strictObject({}) as unknown as z.ZodType<Record<string, never>>
const id = z.string().min(1).max(200)
const byId = z.strictObject({ id })
const name = z.string().trim().min(1).max(100)
const fileName = z.string().min(1).max(255)
const time = z.number().int().nonnegative()
const count = (most: number) => z.number().int().min(1).max(most)
/** Longer than any message may be: what is too long is refused by messages/, with a sentence about it. */
const text = z.string().max(1_000_000)
const settingName = z.enum(Object.keys(settingSchemas) as [SettingName, ...SettingName[]])

const deviceKind = z.enum(['whatsapp', 'sandbox', 'custom'])
const messageState = z.enum(['queued', 'sending', 'sent', 'delivered', 'read', 'played', 'failed', 'expired'])
const right = z.enum(['send', 'read', 'manage'])
const mediaType = z.enum(['image', 'video', 'audio', 'pdf', 'xls', 'xlsx', 'doc', 'docx', 'zip', 'document'])

const filter = z.strictObject({
  // What is too long to be found is cut by the log, which then finds nothing.
  search: z.string().max(1_000_000).nullable(),
  deviceId: id.nullable(),
  states: z.array(messageState).max(8).nullable(),
  keyName: z.string().max(200).nullable(),
  from: time.nullable(),
  to: time.nullable(),
})

const keyDevices = z.union([
  z.strictObject({ all: z.literal(true) }),
  z.strictObject({ kind: z.literal('sandbox') }),
  z.strictObject({ ids: z.array(id).min(1).max(1_000) }),
])

const content = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text }),
  z.strictObject({
    kind: z.literal('media'),
    mediaType,
    source: z.union([
      z.strictObject({ url: z.string().min(1).max(16_384) }),
      z.strictObject({ uploadId: id }),
    ]),
    caption: text.nullable(),
    fileName: fileName.nullable(),
    voice: z.boolean(),
    viewOnce: z.boolean(),
  }),
])

const submit = z.strictObject({
  deviceId: id,
  recipients: z.string().min(1).max(100_000),
  content,
  footer: text.nullable(),
  queue: z.boolean(),
})

/**
 * The form of each call's request. A call of the contract without a schema, or a schema that reads anything
 * but the contract's type, does not compile.
 */
export const requestSchemas: { readonly [Name in Call]: z.ZodType<RequestOf<Name>> } = {
  'devices.list': nothing,
  'devices.add': z.strictObject({ kind: deviceKind, number: z.string().max(40).nullable(), name }),
  'devices.pair': z.strictObject({ id, how: z.enum(['qr', 'code']) }),
  'devices.cancelPairing': byId,
  'devices.connect': byId,
  'devices.rename': z.strictObject({ id, name }),
  'devices.logOut': byId,
  'devices.remove': byId,
  'devices.history': z.strictObject({ id, limit: count(1_000) }),
  'devices.groups': byId,

  'messages.submit': submit,
  'messages.list': z.strictObject({ filter, before: time.nullable(), limit: count(200) }),
  'messages.range': nothing,
  'messages.story': byId,
  'messages.resend': byId,
  'messages.countByDay': z.strictObject({ from: time, to: time, deviceId: id.nullable() }),
  'messages.today': nothing,
  'messages.warnings': nothing,
  'messages.export': z.strictObject({ filter, format: z.enum(['csv', 'xlsx', 'json']) }),
  'messages.pause': nothing,
  'messages.resume': nothing,

  'numbers.read': z.strictObject({ text: z.string().max(100_000) }),
  'numbers.lookUp': z.strictObject({ deviceId: id, numbers: z.array(z.string().max(40)).max(50) }),

  'uploads.begin': z.strictObject({ fileName, mimeType: z.string().max(255), bytes: time }),
  'uploads.part': z.strictObject({ uploadId: id, base64: z.base64().max(partBase64) }),
  'uploads.finish': z.strictObject({ uploadId: id }),
  'uploads.cancel': z.strictObject({ uploadId: id }),

  'savings.read': z.strictObject({ id, offset: time }),
  'savings.cancel': byId,

  'keys.list': nothing,
  'keys.create': z.strictObject({
    name,
    devices: keyDevices,
    rights: z.array(right).min(1).max(3),
    expiresAt: time.nullable(),
  }),
  'keys.revoke': byId,

  'api.status': nothing,
  'api.retry': nothing,
  'api.accessLog': z.strictObject({ limit: count(1_000) }),
  'api.unknownParameters': nothing,
  'api.refusedCallers': nothing,
  'api.allowRefused': z.strictObject({ kind: z.enum(['host', 'origin']), value: z.string().max(300) }),
  'api.snippets': z.strictObject({
    route: z.enum(['/send-message', '/send-media']),
    parameters: z.record(z.string().max(100), text),
  }),

  'sandbox.addDevice': z.strictObject({ name }),
  'sandbox.scan': byId,
  'sandbox.inbox': z.strictObject({
    number: z.string().max(40).nullable(),
    before: id.nullable(),
    limit: count(500),
  }),
  'sandbox.file': z.strictObject({ id, offset: time }),

  'settings.all': nothing,
  'settings.set': z.strictObject({ name: settingName, value: z.unknown() }),

  'program.backup': nothing,
  'program.prepareRestore': z.strictObject({ uploadId: id }),
  'program.restore': z.strictObject({
    restoreId: id,
    includeKeys: z.boolean(),
    includeAccess: z.boolean(),
  }),
  'program.cancelRestore': z.strictObject({ restoreId: id }),
  'program.diagnostics': nothing,
  'program.openDataFolder': nothing,
  'program.openExternal': z.strictObject({
    page: z.enum(['source', 'api-docs', 'whatsapp-linked-devices', 'report-problem']),
  }),
  'program.info': nothing,
  'program.status': nothing,
  'program.notices': nothing,
  'program.licences': nothing,
  'updates.status': nothing,
  'updates.check': nothing,
  'updates.install': nothing,
}

/** Whether that is a call of the contract; names from a prototype are not. */
export function isCall(text: string): text is Call {
  return Object.hasOwn(requestSchemas, text)
}

/** What is wrong with a request, by the path of each part. */
export function problemsOf(error: z.ZodError): Record<string, string> {
  return Object.fromEntries(
    error.issues.map((issue) => [issue.path.map(String).join('.') || 'request', issue.message]),
  )
}
