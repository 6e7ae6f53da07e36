import { deflateSync } from 'node:zlib'

/** What the server may send that no client can read, by what it is. */
export interface Undecodable {
  what: string
  /** In place of an encoded stanza, encrypted as one. */
  plain?: () => Uint8Array
  /** On the line as it is. */
  raw?: () => Uint8Array
}

/** Flag 2, and what inflates to 200 MB. */
let bomb: Buffer | null = null
function inflateBomb(): Uint8Array {
  bomb ??= Buffer.concat([Buffer.from([2]), deflateSync(Buffer.alloc(200_000_000), { level: 1 })])
  return bomb
}

/** A list in a list in a list …: each is a node `<i>` of which the next is the content. */
export function nestedDeep(levels: number): Uint8Array {
  const level = Buffer.from([0xf8, 2, 3, 0xf8, 1])
  return Buffer.concat([
    Buffer.from([0]),
    ...Array.from({ length: levels }, () => level),
    Buffer.from([0xf8, 1, 3]),
  ])
}

/** Frames that once ended the whole program; the first is all it takes for WhatsApp to change its format. */
export const undecodable: readonly Undecodable[] = [
  { what: 'a tag byte that is not assigned yet', plain: () => Buffer.from('00f802f301', 'hex') },
  { what: 'a JID without user and server', plain: () => Buffer.from('00f8030303fa0000', 'hex') },
  { what: 'a stanza that is cut short', plain: () => Buffer.from('00f80903', 'hex') },
  { what: 'an empty stanza', plain: () => Buffer.alloc(0) },
  { what: 'a frame of length 0', raw: () => Buffer.alloc(3) },
  {
    what: 'bytes that are not encrypted for it',
    raw: () => Buffer.concat([Buffer.from([0, 0, 60]), Buffer.alloc(60, 0x5a)]),
  },
  { what: 'compressed garbage', plain: () => Buffer.from([2, ...Buffer.from('this is not zlib')]) },
  { what: '200 MB of zeros in 200 KB', plain: inflateBomb },
  { what: 'lists nested 20,000 deep', plain: () => nestedDeep(20_000) },
  { what: 'the header of a frame of 16 MB', raw: () => Buffer.from([0xff, 0xff, 0xff]) },
]
