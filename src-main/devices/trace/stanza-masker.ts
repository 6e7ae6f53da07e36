import { createHmac, randomBytes } from 'node:crypto'
import type { BinaryNode } from '@whiskeysockets/baileys'

/** A stanza without its contents. */
export interface MaskedStanza {
  tag: string
  attrs: Record<string, string>
  children?: MaskedStanza[]
}

/** Attributes whose value is one of the protocol's own words or a small number. */
const protocolAttributes: ReadonlySet<string> = new Set(
  `type class xmlns code error mediatype edit v count stage op op_name action mode addressing_mode category
  push_priority ttl auth_ttl max_buckets reason expire location event polltype event_type view_once status_setting appdata
  offline version config_code config_value query_id protocol context last index state decrypt-fail device_fanout platform
  message receipt notification call status key-index refresh_lid expiration duration retry media passive active`
    .split(/\s+/)
    .filter((name) => name !== ''),
)
const timeAttributes: ReadonlySet<string> = new Set(['t', 'ts', 'timestamp', 'creation', 's_t'])
const servers: ReadonlySet<string> = new Set(
  `s.whatsapp.net c.us g.us lid newsletter broadcast call hosted hosted.lid bot msgr`.split(' '),
)
/** Words and small numbers: no run of digits that could be a phone number, no length that could be a key. */
const protocolWord = /^(?!.*\d{6})[a-zA-Z0-9_:.-]{1,64}$/
const queryNumber = /^\d{6,20}$/
/** Seconds, milliseconds or microseconds since 1970, of this century. */
const time = /^[12]\d{9}(?:\d{3}){0,2}$/
const tagWord = /^(?!.*\d{5})[a-zA-Z][a-zA-Z0-9_:-]{0,39}$/
const maxDepth = 12

/**
 * Takes out of stanzas what is anybody's own. What is kept is listed, everything else is masked: text becomes `…`, and
 * numbers, LIDs, names of groups and ids become a hash, under which they can be told apart.
 */
export class StanzaMasker {
  readonly #salt = randomBytes(32)

  mask({ tag, attrs, content }: BinaryNode, depth = 0): MaskedStanza {
    const masked: MaskedStanza = { tag: tagWord.test(tag) ? tag : '…', attrs: {} }
    for (const [name, value] of Object.entries(attrs ?? {})) {
      if (value !== undefined && tagWord.test(name)) masked.attrs[name] = this.#value(name, value)
    }
    if (Array.isArray(content) && depth < maxDepth) {
      masked.children = content.map((child) => this.mask(child, depth + 1))
    }
    return masked
  }

  #value(name: string, value: string): string {
    if (value === '') return ''
    if (value.includes('@') || servers.has(value)) return this.#jid(value)
    if (timeAttributes.has(name)) return time.test(value) ? value : '…'
    if (name === 'query_id') return queryNumber.test(value) ? value : '…'
    if (protocolAttributes.has(name) && protocolWord.test(value)) return value
    // Ids, numbers, hashes: apart, but not known. Anything with a space or another sign is text.
    return /^[a-zA-Z0-9_:.+/=-]+$/.test(value) && (name === 'id' || /\d/.test(value))
      ? this.#hash(value)
      : '…'
  }

  /** `user_agent:device@server`: the device and the server are the protocol's, the user is somebody. */
  #jid(value: string): string {
    if (servers.has(value)) return value
    const [, user = '', agent = '', device = '', server = ''] =
      /^([^@:_]*)((?:_\d{1,3})?)((?::\d{1,3})?)@([a-z.]+)$/.exec(value) ?? []
    if (!servers.has(server)) return this.#hash(value)
    const isEverybody = user === '' || user === '0' || (user === 'status' && server === 'broadcast')
    return `${isEverybody ? user : this.#hash(user)}${agent}${device}@${server}`
  }

  #hash(value: string): string {
    return `#${createHmac('sha256', this.#salt).update(value).digest('hex').slice(0, 12)}`
  }
}
