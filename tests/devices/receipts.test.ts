import { describe, expect, it } from 'vitest'
import { receiptsOf } from '../../src-main/devices/connection/device-receipts.ts'

const own = { users: ['62855', '1000'], isToSelf: (id: string) => id === 'SELF' }
const now = 5_000_000
const read = (node: Parameters<typeof receiptsOf>[0]) => receiptsOf(node, 'device', own, now)

describe('a receipt', () => {
  it.each([
    [undefined, 'delivered'],
    ['read', 'read'],
    ['played', 'played'],
  ] as const)('of type %s says %s', (type, kind) => {
    const attrs = { id: 'A', from: '62812@s.whatsapp.net', t: '1700', ...(type ? { type } : {}) }
    expect(read({ tag: 'receipt', attrs })).toEqual([
      { deviceId: 'device', messageIds: ['A'], from: '62812@s.whatsapp.net', kind, at: 1_700_000 },
    ])
  })

  it.each(['retry', 'read-self', 'sender', 'inactive', 'server-error', 'hist_sync', 'peer_msg'])(
    'of type %s says nothing',
    (type) => {
      expect(read({ tag: 'receipt', attrs: { id: 'A', from: '62812@s.whatsapp.net', type } })).toEqual([])
    },
  )

  it('of a time that cannot be is of now', () => {
    const attrs = { id: 'A', from: '62812@s.whatsapp.net', t: '8640000000001' }
    expect(read({ tag: 'receipt', attrs })[0]?.at).toBe(now)
  })

  it('of a fraction of a millisecond is of a whole one, as the database demands', () => {
    const attrs = { id: 'A', from: '62812@s.whatsapp.net', t: '1700.0005' }
    expect(read({ tag: 'receipt', attrs })[0]?.at).toBe(1_700_000)
  })

  it('may speak of many messages', () => {
    const list = { tag: 'list', attrs: {}, content: ['B', 'C'].map((id) => ({ tag: 'item', attrs: { id } })) }
    const node = { tag: 'receipt', attrs: { id: 'A', from: 'x@lid', type: 'read', t: '1' }, content: [list] }
    expect(read(node)[0]?.messageIds).toEqual(['A', 'B', 'C'])
  })

  it('in a group is its participant’s', () => {
    const attrs = { id: 'A', from: '1@g.us', participant: '62812@s.whatsapp.net', t: '1' }
    expect(read({ tag: 'receipt', attrs })[0]?.from).toBe('62812@s.whatsapp.net')
  })

  it('of a group may speak for many readers', () => {
    const user = (jid: string) => ({ tag: 'user', attrs: { jid, t: '2' } })
    const group = { tag: 'participants', attrs: { key: 'K' }, content: [user('1@lid'), user('2@lid')] }
    const node = { tag: 'receipt', attrs: { id: 'A', from: '1@g.us', type: 'read' }, content: [group] }
    expect(read(node).map(({ messageIds, from, at }) => [messageIds, from, at])).toEqual([
      [['K'], '1@lid', 2_000],
      [['K'], '2@lid', 2_000],
    ])
  })

  it('of the own phone does not count, but for messages to the own number', () => {
    const from = '62855:3@s.whatsapp.net'
    expect(read({ tag: 'receipt', attrs: { id: 'A', from, t: '1' } })).toEqual([])
    expect(read({ tag: 'receipt', attrs: { id: 'A', from: '1000@lid', t: '1' } })).toEqual([])
    expect(read({ tag: 'receipt', attrs: { id: 'SELF', from, t: '1' } })).toHaveLength(1)
    expect(read({ tag: 'receipt', attrs: { id: 'SELF', from, type: 'sender', t: '1' } })).toHaveLength(1)
  })

  it('without a time came now', () => {
    expect(read({ tag: 'receipt', attrs: { id: 'A', from: 'x@lid' } })[0]?.at).toBe(now)
  })
})
