import { describe, expect, it } from 'vitest'
import { ask, query, start } from './asking.ts'

describe('what an operator sees', () => {
  const timed = { at: expect.any(Number) as number, ms: expect.any(Number) as number }

  it('a line for each request: no number, no text, no key', async () => {
    const double = await start()
    await ask(double, `/send-message?${query}`)
    await ask(double, `/Send-Message/6285500000500?${query}`)
    await ask(double, '/info-devices?api_key=kurir_secret')
    await expect.poll(() => double.api.accessLog(10).length).toBe(3)
    expect(double.api.accessLog(10)).toEqual([
      { ...timed, method: 'GET', route: '/info-devices', keyName: null, status: 400, result: 'key_unknown' },
      { ...timed, method: 'GET', route: '—', keyName: null, status: 404, result: 'path_unknown' },
      { ...timed, method: 'GET', route: '/send-message', keyName: 'all', status: 200, result: 'sent' },
    ])
    expect(JSON.stringify(double.api.accessLog(10))).not.toMatch(/62855|Halo|kurir_/)
  })

  it('the last 500 requests and no more', async () => {
    const double = await start()
    for (let round = 0; round < 52; round += 1) {
      await Promise.all(Array.from({ length: 10 }, () => ask(double, '/health')))
    }
    await expect.poll(() => double.api.accessLog(1_000).length).toBe(500)
    const times = double.api.accessLog(1_000).map(({ at }) => at)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  it('parameters that this API does not know, by name', async () => {
    const double = await start()
    await ask(double, `/send-message?${query}&is_html=1&device_id=7`)
    await ask(double, `/send-message?${query}&is_html=1&Pesan!untuk-6285500000500=x`)
    const known = double.api.unknownParameters().map(({ name, route, count }) => ({ name, route, count }))
    expect(known).toEqual([
      { name: 'is_html', route: '/send-message', count: 2 },
      { name: 'device_id', route: '/send-message', count: 1 },
      { name: '…', route: '/send-message', count: 1 },
    ])
  })

  it('a bounded number of such names', async () => {
    const double = await start()
    for (let round = 0; round < 3; round += 1) {
      const junk = Array.from({ length: 100 }, (_, index) => `junk_${String(round * 100 + index)}=1`).join(
        '&',
      )
      await ask(double, `/send-message?${query}&${junk}`)
    }
    expect(double.api.unknownParameters()).toHaveLength(200)
  })
})
