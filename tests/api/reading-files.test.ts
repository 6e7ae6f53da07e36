import { describe, expect, it } from 'vitest'
import { secrets, sender } from './mock-services.ts'
import { double, json, parameters, post } from './posting.ts'

describe('a file', () => {
  const media = { api_key: secrets.all, sender, number: '6285500000500', media_type: 'pdf' }
  const file = () => new File(['%PDF-1.7 …'], 'nota.pdf', { type: 'application/pdf' })

  it('comes with the fields of a multipart body', async () => {
    const body = new FormData()
    for (const [name, value] of Object.entries(media)) body.append(name, value)
    body.append('file', file())
    expect((await post('/send-media', body)).status).toBe(200)
    expect(double.uploads).toEqual([{ bytes: Buffer.from('%PDF-1.7 …'), fileName: 'nota.pdf' }])
    expect(double.calls[0]?.content).toMatchObject({
      kind: 'media',
      mediaType: 'pdf',
      source: { upload: {} },
    })
  })

  it.each([
    ['UTF-8', 'nöta 😀.pdf', 'utf8'],
    ['an old Windows program', 'nöta.pdf', 'latin1'],
  ] as const)('may have a name in the bytes of %s', async (_what, name, encoding) => {
    const body =
      `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
      'Content-Type: application/pdf\r\n\r\n%PDF-1.7 …\r\n--b--\r\n'
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const path = `/send-media?${new URLSearchParams(media).toString()}`
    expect((await post(path, new Uint8Array(Buffer.from(body, encoding)), headers)).status).toBe(200)
    expect(double.uploads[0]?.fileName).toBe(name)
  })

  it('may come before the fields', async () => {
    const body = new FormData()
    body.append('file', file())
    for (const [name, value] of Object.entries(media)) body.append(name, value)
    expect((await post('/send-media', body)).status).toBe(200)
    expect(double.uploads).toHaveLength(1)
  })

  it('may have the other parameters in the query', async () => {
    const body = new FormData()
    body.append('file', file())
    expect((await post(`/send-media?${new URLSearchParams(media).toString()}`, body)).status).toBe(200)
  })

  it('is not taken in from a stranger', async () => {
    const body = new FormData()
    for (const [name, value] of Object.entries({ ...media, api_key: 'wrong' })) body.append(name, value)
    body.append('file', new File([new Uint8Array(3_000_000)], 'nota.pdf'))
    const answer = await post('/send-media', body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'key_unknown' } })
    expect(double.uploads).toHaveLength(0)
  })

  it('is refused where the call takes none: nothing that was given is dropped', async () => {
    const body = new FormData()
    for (const [name, value] of Object.entries(parameters)) body.append(name, value)
    body.append('file', file())
    const answer = await post('/send-message', body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'parameter_invalid' } })
    expect(double.calls).toHaveLength(0)
    expect(double.uploads).toHaveLength(0)
  })

  it.each([
    ['a second one', 'file'],
    ['one in another field', 'photo'],
  ])('is refused with %s: nothing that was given is dropped', async (_what, field) => {
    const body = new FormData()
    for (const [name, value] of Object.entries(media)) body.append(name, value)
    body.append('file', file())
    body.append(field, file())
    const answer = await post('/send-media', body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'parameter_invalid' } })
    expect(double.calls).toHaveLength(0)
    expect(double.discarded).toContain('/nowhere')
  })

  it('of more than 64 KiB has to come behind the key', async () => {
    const body = new FormData()
    body.append('file', new File([new Uint8Array(200_000)], 'nota.pdf'))
    for (const [name, value] of Object.entries(media)) body.append(name, value)
    const begun = double.ended.length
    expect(await post('/send-media', body)).toMatchObject({ status: 400, body: { code: 'key_missing' } })
    expect(double.ended).toHaveLength(begun)
  })

  it('may be left out of the form that a browser sends', async () => {
    const body = new FormData()
    for (const [name, value] of Object.entries(media)) body.append(name, value)
    body.append('url', 'https://toko.example/nota.pdf')
    body.append('file', new Blob([]), '')
    expect((await post('/send-media', body)).status).toBe(200)
    expect(double.calls[0]?.content).toMatchObject({ source: { url: 'https://toko.example/nota.pdf' } })
  })

  it.each([100, 1024 * 1024])('of %i bytes without a name is told to want one', async (bytes) => {
    const body = new FormData()
    for (const [name, value] of Object.entries(media)) body.append(name, value)
    body.append('file', '%PDF'.padEnd(bytes, ' …'))
    const answer = await post('/send-media', body)
    expect(answer.body['msg']).toContain('with a file name')
    expect(double.calls).toEqual([])
  })

  it.each(['true', '1', 'vn', 'VN', 'True'])('is a voice note with ppt=%s', async (ppt) => {
    const url = 'https://toko.example/a.mp3'
    await post('/send-media', JSON.stringify({ ...media, media_type: 'audio', url, ppt }), json)
    expect(double.calls[0]?.content).toMatchObject({ voice: true })
  })

  it.each(['false', '0', 'False'])('is plain audio with ppt=%s', async (ppt) => {
    const url = 'https://toko.example/a.mp3'
    await post('/send-media', JSON.stringify({ ...media, media_type: 'audio', url, ppt }), json)
    expect(double.calls[0]?.content).toMatchObject({ voice: false })
  })

  it('is a voice note with ptt as JSON says it', async () => {
    const body = JSON.stringify({
      ...media,
      media_type: 'Audio',
      url: 'https://toko.example/a.mp3',
      ptt: true,
    })
    await post('/send-media', body, json)
    expect(double.calls[0]?.content).toMatchObject({ voice: true, mediaType: 'audio' })
  })
})
