import { randomBytes, randomInt } from 'node:crypto'
import { proto } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { historyShape, noFacts } from '../../../src-main/devices/history/history-facts.ts'
import type { HistoryFacts } from '../../../src-main/devices/history/history-facts.ts'
import { maxValueBytes, WireError, WireWalker } from '../../../src-main/devices/history/wire-walker.ts'

const conversations = [
  {
    id: '1000000000000001@lid',
    pnJid: '6281200000001@s.whatsapp.net',
    tcToken: Buffer.from('token of the first'),
    tcTokenTimestamp: 1_790_000_000,
    tcTokenSenderTimestamp: 1_790_000_001,
    messages: [{ message: { key: { id: 'A' }, message: { conversation: 'nobody reads this' } } }],
  },
  {
    id: '6281200000002@s.whatsapp.net',
    lidJid: '1000000000000002@lid',
    ephemeralExpiration: 86_400,
    ephemeralSettingTimestamp: 1_780_000_000,
  },
  { id: '120363000000000001@g.us', ephemeralExpiration: 604_800, tcToken: Buffer.from('none of a group') },
  { id: 'status@broadcast', tcToken: Buffer.from('nor of this'), tcTokenTimestamp: 1 },
]
const salt = randomBytes(32)
const history = Buffer.concat([
  proto.HistorySync.encode({
    syncType: proto.HistorySync.HistorySyncType.RECENT,
    conversations,
    pushnames: [{ id: '1000000000000001@lid', pushname: 'Somebody' }],
    phoneNumberToLidMappings: [{ pnJid: '6281200000003@s.whatsapp.net', lidJid: '1000000000000003@lid' }],
  }).finish(),
  Buffer.from([0x9a, 0x01, salt.length]),
  salt,
])
const expected: HistoryFacts = {
  tokens: [
    {
      jid: '1000000000000001@lid',
      token: Buffer.from('token of the first'),
      at: 1_790_000_000,
      issuedAt: 1_790_000_001,
    },
  ],
  mappings: [
    { pn: '6281200000001@s.whatsapp.net', lid: '1000000000000001@lid' },
    { pn: '6281200000002@s.whatsapp.net', lid: '1000000000000002@lid' },
    { pn: '6281200000003@s.whatsapp.net', lid: '1000000000000003@lid' },
  ],
  timers: [
    { jid: '6281200000002@s.whatsapp.net', expirationSeconds: 86_400, setAtSeconds: 1_780_000_000 },
    { jid: '120363000000000001@g.us', expirationSeconds: 604_800, setAtSeconds: 0 },
  ],
  salt,
}

function walk(bytes: Uint8Array, pieceBytes: () => number): HistoryFacts {
  const facts = noFacts()
  const walker = new WireWalker(historyShape(facts))
  for (let at = 0, size = 0; at < bytes.length; at += size) {
    size = pieceBytes()
    walker.push(bytes.subarray(at, at + size))
  }
  walker.end()
  return facts
}

describe('a history that is walked', () => {
  it('gives tokens, mappings, timers and the salt that Baileys’ own decoder drops', () => {
    expect(walk(history, () => history.length)).toEqual(expected)
  })

  it('gives the same however it is cut into pieces', () => {
    expect(walk(history, () => 1)).toEqual(expected)
    for (let run = 0; run < 200; run++) expect(walk(history, () => randomInt(1, 40))).toEqual(expected)
  })

  it('keeps what was complete where it is cut short, and says that it is', () => {
    for (let end = 1; end < history.length; end++) {
      const facts = noFacts()
      const walker = new WireWalker(historyShape(facts))
      walker.push(history.subarray(0, end))
      const isWholeField = ((): boolean => {
        try {
          proto.HistorySync.decode(history.subarray(0, end))
          return true
        } catch {
          return false
        }
      })()
      if (!isWholeField) expect(() => walker.end()).toThrow(WireError)
      expect(facts.tokens.length).toBeLessThanOrEqual(1)
      expect(facts.salt).toBeNull()
    }
  })

  it('passes over a field of many megabytes without keeping it, and over a value that is too long', () => {
    const facts = noFacts()
    const walker = new WireWalker(historyShape(facts))
    const large = 48 * 1_048_576
    // A conversation whose one message has 48 MiB.
    const inner = Buffer.concat([Buffer.from([(2 << 3) | 2]), varint(large)])
    walker.push(Buffer.concat([Buffer.from([(2 << 3) | 2]), varint(inner.length + large), inner]))
    const piece = Buffer.alloc(65_536, 0xff)
    const before = process.memoryUsage().arrayBuffers
    for (let sent = 0; sent < large; sent += piece.length) walker.push(piece)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_048_576)
    const tooLong = Buffer.alloc(maxValueBytes + 1, 1)
    walker.push(Buffer.concat([Buffer.from([0x9a, 0x01]), varint(tooLong.length), tooLong]))
    walker.push(history)
    walker.end()
    expect(facts).toEqual(expected)
  })

  it.each([
    ['a field that is longer than its message', [0x12, 0x02, 0x0a, 0x05]],
    ['a number that goes on outside of its message', [0x12, 0x02, 0x48, 0x80]],
    ['a number of more than ten bytes', [0x08, ...Array.from({ length: 11 }, () => 0xff)]],
    ['a field of four gigabytes', [0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['field 0', [0x00, 0x00]],
    ['a wire type that there is not', [0x0f]],
    ['a group, which nobody writes any more', [0x13]],
  ])('says so at %s', (_name, bytes) => {
    const walker = new WireWalker(historyShape(noFacts()))
    expect(() => walker.push(Buffer.from(bytes))).toThrow(WireError)
  })

  it('ends with facts or a WireError, whatever is broken in it', () => {
    for (let run = 0; run < 3_000; run++) {
      const broken = Buffer.from(history)
      for (let count = randomInt(1, 4); count > 0; count--) {
        broken[randomInt(broken.length)] = randomInt(256)
      }
      try {
        const facts = walk(broken, () => randomInt(1, 80))
        expect(facts.tokens.every(({ token }) => token.length <= maxValueBytes)).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(WireError)
      }
    }
  })

  it('understands what Baileys encodes, at random', () => {
    for (let run = 0; run < 300; run++) {
      const made = Array.from({ length: randomInt(0, 6) }, (_, index) => ({
        id: `${1_000_000_000_000_000 + index}@lid`,
        tcToken: randomBytes(randomInt(1, 64)),
        tcTokenTimestamp: randomInt(1, 2 ** 40),
        displayName: randomBytes(randomInt(0, 300)).toString('hex'),
        conversationTimestamp: randomInt(1, 2 ** 31),
      }))
      const bytes = proto.HistorySync.encode({ syncType: 3, conversations: made }).finish()
      const { tokens } = walk(bytes, () => randomInt(1, 200))
      expect(tokens.map(({ jid, token, at }) => [jid, token, at])).toEqual(
        made.map(({ id, tcToken, tcTokenTimestamp }) => [id, tcToken, tcTokenTimestamp]),
      )
    }
  })
})

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) | 0x80)
  }
}
