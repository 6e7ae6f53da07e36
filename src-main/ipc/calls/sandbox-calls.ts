import type { Application } from '../../app/app.ts'
import type { InboxMessage } from '../../../src-preload/contract.ts'
import { Failure } from '../../lib/failure.ts'
import type { InboxMessage as Received } from '../../sandbox/delivery/inbox.ts'
import type { HandlersOf } from '../ipc.ts'
import { partSize } from '../schemas.ts'

/** As many as the sandbox keeps. */
const everything = 10_000

export function sandboxCalls({ devices, practice }: Application): HandlersOf<'sandbox'> {
  return {
    'sandbox.addDevice': ({ name }) => practice.addDevice(devices, name),
    'sandbox.scan': async ({ id }) => {
      const device = devices.get(id)
      if (device === undefined) throw new Failure('device_not_found', 'There is no such device.')
      await practice.pair(devices, device)
      return null
    },
    'sandbox.inbox': ({ number, before, limit }) => {
      const newestFirst = (practice.sandbox?.inbox(number, everything) ?? []).toReversed()
      const start = before === null ? 0 : newestFirst.findIndex((message) => message.id === before) + 1
      return newestFirst.slice(start, start + limit).map(shown)
    },
    'sandbox.file': async ({ id, offset }) => {
      const bytes = (await practice.sandbox?.blob(id)) ?? null
      if (bytes === null) throw new Failure('message_not_found', 'This message no longer has a file.')
      const part = bytes.subarray(offset, offset + partSize)
      return { base64: Buffer.from(part).toString('base64'), last: offset + part.length >= bytes.length }
    },
  }
}

/** What the window shows of a message in the inbox. */
export function shown(message: Received): InboxMessage {
  const { id, from, to, kind, text, fileName, mimeType, sha256, bytes, at } = message
  return { id, from, to, kind: kind === 'other' ? 'text' : kind, text, fileName, mimeType, sha256, bytes, at }
}
