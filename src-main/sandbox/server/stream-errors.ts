import type { ClientConnection } from './client-connection.ts'
import { node, server } from './nodes.ts'
import { unlink } from '../accounts/unlinking.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** Ends a connection as WhatsApp does where a client has left a stanza unacknowledged for too long. */
export function closeOwed(line: ClientConnection, tag: string, id: string | undefined): void {
  line.end(node('stream:error', {}, [node('ack', { class: tag, id })]))
}

/**
 * Ends a connection as WhatsApp does for that reason: 401 device removed, 403 banned, 405 version too old,
 * 408 silence, 411 multi-device mismatch, 428 closed, 440 replaced, 500 bad session, 503 unavailable,
 * 515 restart. A companion that is removed is forgotten.
 */
export function closeWith(context: SandboxContext, line: ClientConnection, code: number): void {
  switch (code) {
    case 401:
      line.inOrder(async () => {
        if (line.companion !== null) await unlink(context, line.companion)
      })
      return line.end(node('stream:error', { code: '401' }, [node('conflict', { type: 'device_removed' })]))
    case 440:
      return line.end(node('stream:error', {}, [node('conflict', { type: 'replaced' })]))
    case 411:
      return line.end(node('ib', { from: server }, [node('downgrade_webclient')]))
    case 428:
      return line.end(node('xmlstreamend'))
    case 408:
      return line.cut()
    default:
      return line.end(node('stream:error', { code: String(code) }))
  }
}

/** Ends a connection with a stream error that has a child in place of a code: `<ack/>`, `<xml-not-well-formed/>`. */
export function closeWithChild(line: ClientConnection, child: string): void {
  const attributes = child === 'ack' ? { class: 'message', id: 'OWED' } : {}
  line.end(node('stream:error', {}, [node(child, attributes)]))
}

/** Byte 0xf3 is a tag that WhatsApp's binary format has not assigned: a list of two, whose first string it begins. */
const undecodable = Buffer.from('00f802f301', 'hex')

/** What WhatsApp sends once its format has changed. */
export function sendBadFrame(line: ClientConnection): void {
  line.sendPlain(undecodable)
}

export function sendBadStanza(line: ClientConnection): void {
  line.send(node('chatstate', { from: '6281300000000@s.whatsapp.net' }, []))
}
