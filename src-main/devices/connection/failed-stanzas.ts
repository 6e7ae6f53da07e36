import type { BinaryNode } from '@whiskeysockets/baileys'
import type { LRUCache } from 'lru-cache'
import type { Logger } from '../../lib/logging/logger.ts'
import { whereOf } from '../baileys/process/library-errors.ts'

/**
 * What of the server's could not be handled: written down for diagnostics, by its tag and attributes, never its content
 * and no number; and remembered for an hour, so that one kind of stanza that a contact keeps sending does not end the
 * connection each time.
 */
export class FailedStanzas {
  readonly #deviceId: string
  readonly #remembered: LRUCache<string, object | number | string | boolean>
  readonly #log: Logger

  constructor(
    deviceId: string,
    remembered: LRUCache<string, object | number | string | boolean>,
    log: Logger,
  ) {
    this.#deviceId = deviceId
    this.#remembered = remembered
    this.#log = log
  }

  /** A frame that could not be decoded: there is no stanza to tell of. */
  noteFrame(error: unknown): void {
    this.#log.warn(
      {
        device: this.#deviceId,
        error: nameOf(error),
        decoder: decoderSentence(error),
        where: whereOf(error),
      },
      'could not decode a frame; closing the connection',
    )
  }

  /** Whether a stanza of its kind failed in the same way within the last hour, on this or an earlier connection. */
  note(error: unknown, stanza: BinaryNode): 'first' | 'again' {
    const where = whereOf(error)
    const kind = `${this.#deviceId} failed\n${shapeOf(stanza)}\n${nameOf(error)} ${where[0] ?? ''}`
    const isKnown = this.#remembered.has(kind)
    this.#remembered.set(kind, true)
    const details = { device: this.#deviceId, stanza: outlineOf(stanza), error: nameOf(error), where }
    const sentence = isKnown
      ? 'a stanza failed like an earlier one; it is skipped'
      : 'a stanza failed; closing the connection'
    this.#log.warn(details, sentence)
    return isKnown ? 'again' : 'first'
  }
}

/** Tag, type and first child: what decides who handles it. */
function shapeOf({ tag, attrs, content }: BinaryNode): string {
  const child = Array.isArray(content) ? (content[0]?.tag ?? 'empty list') : typeof content
  return `${tag} ${attrs['type'] ?? ''} ${child}`
}

const maxOutlineDepth = 6
const maxOutlineChildren = 8
const maxAttributes = 20
const maxOutlineCharacters = 2_000

/** A stanza for a log: `<message type=text from=…@lid><enc v=2 (bytes: 81)>`. */
function outlineOf(stanza: BinaryNode): string {
  return outline(stanza, 1).slice(0, maxOutlineCharacters)
}

function outline({ tag, attrs, content }: BinaryNode, depth: number): string {
  const written = Object.entries(attrs)
    .slice(0, maxAttributes)
    .map(([name, value]) => ` ${word(name)}=${valueOf(name, value)}`)
  const head = `<${word(tag)}${written.join('')}>`
  if (content instanceof Uint8Array) return `${head}(bytes: ${content.length})`
  if (typeof content === 'string') return `${head}(characters: ${content.length})`
  if (!Array.isArray(content)) return head
  if (depth >= maxOutlineDepth) return `${head}(children: ${content.length})`
  const children = content.slice(0, maxOutlineChildren).map((child) => outline(child, depth + 1))
  const more = content.length > maxOutlineChildren ? `(${content.length - maxOutlineChildren} more)` : ''
  return `${head}${children.join('')}${more}</>`
}

/** Attributes whose values are words and numbers of the protocol, never of a person. */
const plainAttributes: ReadonlySet<string> = new Set(
  (
    'type class xmlns code reason error v count offline stage state mediatype addressing_mode category edit ' +
    'decrypt-fail context mode op_name version'
  ).split(' '),
)

/** Of a JID its server; of anything else that is not plain, how long it is. */
function valueOf(name: string, value: string): string {
  if (plainAttributes.has(name) && /^[\w:.-]{1,40}$/.test(value) && !/\d{7}/.test(value)) return value
  const server = /@(s\.whatsapp\.net|lid|g\.us|newsletter|broadcast|hosted|hosted\.lid|bot|call)$/.exec(value)
  if (server !== null) return `…${server[0]}`
  return `(characters: ${value.length})`
}

function word(name: string): string {
  return /^[a-z][\w:.-]{0,39}$/i.test(name) ? name : '…'
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

/** The decoder's own words (WABinary/decode.js) up to what it quotes; a number that it quotes is a byte. */
function decoderSentence(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  return /^[A-Za-z ]{1,60}(: \d{1,10}$)?/.exec(error.message)?.[0] ?? null
}
