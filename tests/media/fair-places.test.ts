import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Inspector } from '../../src-main/media/inspection/inspector.ts'
import { Limiter } from '../../src-main/media/limiter.ts'
import { makePdf } from './files/office-files.ts'
import { openMedia } from './files/open-media.ts'

test('one key has half of the places, and those that wait come one key after the other', async () => {
  const limiter = new Limiter(4, 2)
  const begun: string[] = []
  const gates = new Map<string, PromiseWithResolvers<void>>()
  const run = (name: string) => {
    const gate = Promise.withResolvers<void>()
    gates.set(name, gate)
    const work = () => {
      begun.push(name)
      return gate.promise
    }
    return limiter.run(work, undefined, name.charAt(0))
  }
  const end = async (name: string) => {
    gates.get(name)?.resolve()
    await new Promise(setImmediate)
  }
  const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2', 'c2', 'd1'].map(run)
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1'])
  await end('b1')
  // Key a is the first that waits, and has its two already.
  expect(begun.slice(4)).toEqual(['b2'])
  await end('a1')
  await end('a2')
  await end('b2')
  expect(begun.slice(5)).toEqual(['a3', 'c2', 'd1'])
  for (const name of gates.keys()) await end(name)
  await Promise.all(all)
  expect(begun).toHaveLength(9)
})

/** A server that answers and then sends nothing more. */
async function silentServer(): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/pdf', 'Content-Length': '1000' })
    response.write('%PDF-1.7')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/slow.pdf`
}

test('forty files that never come of one key take no place from another key’s', async () => {
  await using room = await openMedia({ 'media.trustedHosts': '127.0.0.0/8' })
  const url = await silentServer()
  const stop = new AbortController()
  const wish = { mediaType: 'document', fileName: null, voice: false } as const
  const slow = Array.from({ length: 40 }, () =>
    room.media.fetch({ ...wish, source: { url }, keyId: 'a', signal: stop.signal }).catch(() => null),
  )
  const quick = createServer((_request, response) => response.end(makePdf()))
  quick.listen(0, '127.0.0.1')
  await once(quick, 'listening')
  onTestFinished(() => void quick.close())
  const quickUrl = `http://127.0.0.1:${String((quick.address() as AddressInfo).port)}/nota.pdf`
  const file = await room.media.fetch({ ...wish, source: { url: quickUrl }, keyId: 'b' })
  expect(file.mimeType).toBe('application/pdf')
  await file.release()
  stop.abort(new Error('the test is over'))
  await Promise.all(slow)
}, 10_000)

test('documents wait for no picture, sound or video', async () => {
  // Pictures and recordings are never done.
  const stuck: (() => void)[] = []
  const inspector = new Inspector(() => {
    const exits: (() => void)[] = []
    let answer: (message: unknown) => void = () => undefined
    return {
      send: (job) => {
        const { mediaType } = job as { mediaType: string }
        if (mediaType === 'pdf') {
          setImmediate(() =>
            answer({ ok: false, code: 'media_unreadable', message: 'looked into', errors: null }),
          )
        } else stuck.push(() => exits.forEach((exit) => exit()))
      },
      onMessage: (listener) => (answer = listener),
      onExit: (listener) => void exits.push(listener),
      kill: () => exits.forEach((exit) => exit()),
    }
  })
  await using room = await openMedia({}, { inspector })
  const wish = { fileName: null, voice: false, keyId: 'a' } as const
  const stop = new AbortController()
  const slow = (['image', 'image', 'image', 'video', 'video', 'audio'] as const).map(async (mediaType) => {
    const upload = await room.upload(makePdf())
    return room.media.fetch({ ...wish, mediaType, source: { upload }, signal: stop.signal }).catch(() => null)
  })
  await expect.poll(() => stuck.length).toBe(4)
  const upload = await room.upload(makePdf())
  await expect(room.media.fetch({ ...wish, mediaType: 'pdf', source: { upload } })).rejects.toThrow(
    'looked into',
  )
  stop.abort(new Error('the test is over'))
  await Promise.all(slow)
})
