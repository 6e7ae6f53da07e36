import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'
import type { WebSocket } from 'ws'
import { FrameChunks } from './frame-chunks.ts'

/** What went wrong with what the server sent. */
export interface InboundErrors {
  /** A frame could not be read, or is too large. Nothing that comes after it is read. */
  frame(error: unknown): void
  /** A stanza was read, but a listener failed on it, at once or later; or it is nested too deeply to be handed on. */
  stanza(error: unknown, stanza: BinaryNode): void
}

/** Stanzas of WhatsApp are some ten levels deep; deeper ones would overflow the stack of whoever walks them. */
const maxDepth = 64
/** With so many bytes waiting to be decoded nothing more is read from the line. */
const maxWaitingBytes = 8 * 1024 * 1024

class StanzaTooDeep extends Error {
  override readonly name = 'StanzaTooDeep'
}

type Listener = (this: unknown, ...values: unknown[]) => unknown
type Emit = (event: string, ...values: unknown[]) => boolean

/**
 * Catches what Baileys and our own listeners throw, or reject with, about anything that the server sends. In Baileys
 * all of this happens in functions that nobody waits for (socket.js, `onMessageReceived` and its `CB:` listeners), so
 * that a new tag byte in WhatsApp's format would end the program and all of its devices. See
 * WhiskeySockets/Baileys#2364.
 *
 * Frames are handed to Baileys whole, one after the other: the next only once the last was decoded and heard. Baileys
 * itself lets a frame overtake one that is still being inflated.
 */
export function guardInbound({ ws }: WASocket, line: WebSocket, errors: InboundErrors): void {
  const client = ws as unknown as {
    emit: Emit
    listenerCount(event: string): number
    rawListeners(event: string): Listener[]
  }
  const emit = client.emit.bind(client)
  let dropped: unknown = null

  const each = (event: string, values: unknown[]): boolean => {
    const [stanza] = values
    if (dropped !== null && stanza === dropped) return true
    // Baileys emits some ten events for each stanza, most of which nobody listens to.
    if (client.listenerCount(event) === 0) return false
    for (const listener of client.rawListeners(event)) {
      try {
        const heard = listener.apply(client, values)
        if (heard instanceof Promise) heard.catch((error: unknown) => failed(error, stanza))
      } catch (error) {
        failed(error, stanza)
      }
    }
    return true
  }

  const failed = (error: unknown, stanza: unknown): void => {
    // The server's part of the handshake is bytes, and Baileys catches what is wrong with that.
    if (isNode(stanza)) errors.stanza(error, stanza)
    else errors.frame(error)
  }

  const decode = async (frame: Buffer): Promise<void> => {
    for (const listener of client.rawListeners('message')) await listener.call(client, frame)
  }
  const receive = oneByOne(decode, line, (error) => errors.frame(error))

  client.emit = (event, ...values) => {
    if (event === 'message') {
      receive(values[0] as Buffer)
      return true
    }
    if (!isOfAStanza(event)) return emit(event, ...values)
    if (event === 'frame') {
      dropped = null
      if (isTooDeep(values[0])) {
        dropped = values[0]
        failed(new StanzaTooDeep(`a stanza of more than ${maxDepth} levels`), dropped)
      }
    }
    return each(event, values)
  }
}

/** Reads frames in their order, and none after one that failed. */
function oneByOne(
  decode: (frame: Buffer) => Promise<void>,
  line: WebSocket,
  failed: (error: unknown) => void,
): (chunk: Buffer) => void {
  const chunks = new FrameChunks()
  const waiting: Buffer[] = []
  let waitingBytes = 0
  let isBroken = false
  let isDecoding = false

  const decodeAll = async (): Promise<void> => {
    isDecoding = true
    // A frame that is broken empties what waits behind it.
    for (let frame = waiting.shift(); frame !== undefined; frame = waiting.shift()) {
      await decode(frame)
      waitingBytes -= frame.length
      if (line.isPaused && waitingBytes < maxWaitingBytes) line.resume()
    }
    isDecoding = false
  }
  const broken = (error: unknown): void => {
    if (isBroken) return
    isBroken = true
    waiting.length = 0
    if (line.isPaused) line.resume()
    failed(error)
  }

  return (chunk) => {
    if (isBroken) return
    try {
      for (const frame of chunks.push(chunk)) {
        waiting.push(frame)
        waitingBytes += frame.length
      }
    } catch (error) {
      // What was whole before it is not read either: the connection ends.
      return broken(error)
    }
    if (waitingBytes > maxWaitingBytes && line.readyState === line.OPEN) line.pause()
    if (!isDecoding && waiting.length > 0) decodeAll().catch(broken)
  }
}

/** `frame`, `TAG:id` and `CB:…` are about one stanza each; all others are the WebSocket's own. */
function isOfAStanza(event: string): boolean {
  return event === 'frame' || event.startsWith('CB:') || event.startsWith('TAG:')
}

function isNode(value: unknown): value is BinaryNode {
  return typeof value === 'object' && value !== null && 'tag' in value
}

/** Level by level, so that it needs no stack itself. */
function isTooDeep(stanza: unknown): boolean {
  let level = isNode(stanza) ? [stanza] : []
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > maxDepth) return true
    const below: BinaryNode[] = []
    for (const { content } of level)
      if (Array.isArray(content)) for (const child of content) below.push(child)
    level = below
  }
  return false
}
