import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { RequestListener, ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { FetchProgress, MediaType } from '../../src-main/media/files/media-file.ts'
import { makePdf } from './files/office-files.ts'
import { failureOf, openMedia, type OpenMedia } from './files/open-media.ts'
import { startWebServer } from './files/web-server.ts'

const pdf = makePdf()
const quickBrotli = (body: Buffer): Buffer =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })
const mebibyte = 1_048_576
const settings = { 'media.trustedHosts': 'localhost, 127.0.0.1', 'media.maxDocumentMiB': '1' }
const deadlines = { connect: 2_000, firstByte: 400, idle: 1_500, whole: 1_000 }

interface Wish {
  mediaType?: MediaType
  onProgress?: (progress: FetchProgress) => void
  signal?: AbortSignal
}

interface Run {
  room: OpenMedia
  get: (path?: string, wish?: Wish) => ReturnType<OpenMedia['media']['fetch']>
}

async function fetchFrom(
  listener: RequestListener,
  work: (run: Run) => Promise<void>,
  patient = false,
): Promise<void> {
  await using server = await startWebServer(listener)
  await using room = await openMedia(settings, patient ? {} : { deadlines })
  await work({
    room,
    get: (path = '/1.pdf', { mediaType = 'pdf', ...rest } = {}) =>
      room.media.fetch({
        source: { url: server.origin + path },
        mediaType,
        fileName: null,
        voice: false,
        ...rest,
      }),
  })
  expect(await room.left()).toEqual([])
}

async function expectFailure(listener: RequestListener, code: string, patient = false): Promise<string> {
  let message = ''
  await fetchFrom(
    listener,
    async ({ get }) => {
      const failure = await failureOf(get())
      expect(failure).toMatchObject({ code })
      message = failure.message
    },
    patient,
  )
  return message
}

/** Writes for as long as somebody reads. */
function writeEndlessly(response: ServerResponse, chunk: Buffer): void {
  const more = (): void => {
    while (response.writable && response.write(chunk)) {
      // Until the buffers are full.
    }
  }
  response.on('drain', more)
  more()
}

describe('a server', () => {
  test('that takes the request and never answers is given up', async () => {
    await using server = await startWebServer(() => undefined)
    await using room = await openMedia(settings, { deadlines: { ...deadlines, whole: 60_000 } })
    const source = { url: `${server.origin}/1.pdf` }
    const failure = await failureOf(
      room.media.fetch({ source, mediaType: 'pdf', fileName: null, voice: false }),
    )
    expect(failure).toMatchObject({ code: 'media_timeout' })
    expect(failure.message).toContain('did not answer')
  })

  test('that takes the connection and never reads is given up', async () => {
    const deaf = createServer((socket) => socket.pause().on('error', () => undefined))
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve))
    await using room = await openMedia(settings, { deadlines })
    const source = { url: `http://localhost:${(deaf.address() as AddressInfo).port}/` }
    const failure = await failureOf(
      room.media.fetch({ source, mediaType: 'pdf', fileName: null, voice: false }),
    )
    expect(failure.code).toBe('media_timeout')
    deaf.close()
  })

  test('that drips a few bytes at a time is given up once the whole takes too long', async () => {
    const message = await expectFailure((_request, response) => {
      response.write('%PDF-1.4')
      const drip = setInterval(() => response.write('.'), 100)
      response.on('close', () => clearInterval(drip))
    }, 'media_timeout')
    expect(message).toContain('within 1 s')
  })

  test('that falls silent in the middle is given up', async () => {
    await using server = await startWebServer((_request, response) => response.write('%PDF-1.4'))
    await using room = await openMedia(settings, { deadlines: { ...deadlines, idle: 300, whole: 60_000 } })
    const source = { url: `${server.origin}/1.pdf` }
    const failure = await failureOf(
      room.media.fetch({ source, mediaType: 'pdf', fileName: null, voice: false }),
    )
    expect(failure).toMatchObject({ code: 'media_timeout' })
    expect(failure.message).toContain('fell silent')
  })

  test('that promises more than it sends has sent nothing', async () => {
    await expectFailure((_request, response) => {
      response.writeHead(200, { 'content-length': '5000' }).write(pdf)
      response.socket?.end()
    }, 'media_unreachable')
  })

  test('that closes half-way has sent nothing', async () => {
    const message = await expectFailure((_request, response) => {
      response.write(pdf, () => response.socket?.resetAndDestroy())
    }, 'media_unreachable')
    expect(message).toContain('before the file was whole')
  })

  test('that announces more than the limit is not read', async () => {
    const message = await expectFailure((_request, response) => {
      response.writeHead(200, { 'content-length': String(mebibyte + 1) })
      response.flushHeaders()
    }, 'media_too_large')
    expect(message).toContain('media.maxDocumentMiB')
  })

  test('that never stops sending is stopped at the limit', async () => {
    let sent = 0
    await expectFailure(
      (_request, response) => {
        response.on('close', () => (sent = response.socket?.bytesWritten ?? sent))
        writeEndlessly(response, Buffer.alloc(65_536, '%PDF-1.4 '))
      },
      'media_too_large',
      true,
    )
    expect(sent).toBeLessThan(64 * mebibyte)
  })

  test('that announces one byte and sends many is read for that one byte', async () => {
    await fetchFrom(
      (_request, response) => {
        response.writeHead(200, { 'content-length': '1' })
        response.flushHeaders()
        response.socket?.write(Buffer.alloc(100_000, 'x'))
      },
      async ({ get }) => {
        const file = await get('/x', { mediaType: 'document' }).catch(() => null)
        expect(file?.bytes ?? 1).toBe(1)
        await file?.release()
      },
    )
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', quickBrotli],
  ] as const)('with a %s bomb is stopped at the limit, after decompression', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(50 * mebibyte))
    expect(bomb.length).toBeLessThan(mebibyte)
    await expectFailure(
      (_request, response) => {
        response
          .writeHead(200, { 'content-encoding': encoding, 'content-length': String(bomb.length) })
          .end(bomb)
      },
      'media_too_large',
      true,
    )
  })

  test('with a damaged compression has sent nothing', async () => {
    const message = await expectFailure((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(pdf)
    }, 'media_unreachable')
    expect(message).toContain('compression')
  })

  test('with an encoding nobody knows is refused', async () => {
    await expectFailure((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'compress-o-matic' }).end(pdf)
    }, 'media_unreachable')
  })

  test('with two encodings is refused before anything is decoded', async () => {
    const message = await expectFailure((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(gzipSync(gzipSync(pdf)))
    }, 'media_unreachable')
    expect(message).toContain('"gzip, gzip"')
  })

  test('that sends empty gzip members without end is stopped at the limit, although nothing comes out', async () => {
    const members = Buffer.concat(Array.from({ length: 5_000 }, () => gzipSync('')))
    await expectFailure(
      (_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' })
        writeEndlessly(response, members)
      },
      'media_too_large',
      true,
    )
  })

  test('that compresses more than 200 MB is refused, whatever the setting allows', async () => {
    const bomb = gzipSync(Buffer.alloc(201_000_000))
    await using server = await startWebServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    })
    await using room = await openMedia({ ...settings, 'media.maxDocumentMiB': '2000' })
    const source = { url: `${server.origin}/1.zip` }
    const failure = await failureOf(
      room.media.fetch({ source, mediaType: 'document', fileName: null, voice: false }),
    )
    expect(failure).toMatchObject({ code: 'media_too_large' })
    expect(failure.message).toContain('200 MB')
    expect(await room.left()).toEqual([])
  })

  test.each([102, 103])('that sends %d without end and no answer is left after ten', async (status) => {
    const endless = createServer((socket) => {
      const piece = `HTTP/1.1 ${status} Wait\r\nLink: </a>\r\n\r\n`.repeat(100)
      const more = (): void => {
        while (socket.writable && socket.write(piece)) {
          // Until the buffers are full.
        }
      }
      socket.on('error', () => undefined).on('drain', more)
      socket.once('data', more)
    })
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve))
    await using room = await openMedia(settings, { deadlines })
    const source = { url: `http://localhost:${(endless.address() as AddressInfo).port}/1.pdf` }
    const began = process.cpuUsage()
    const failure = await failureOf(
      room.media.fetch({ source, mediaType: 'pdf', fileName: null, voice: false }),
    )
    endless.close()
    expect(failure).toMatchObject({ code: 'media_unreachable' })
    const { user, system } = process.cpuUsage(began)
    expect((user + system) / 1_000).toBeLessThan(500)
  })

  test('that sends ten informational responses before the file is waited for', async () => {
    await fetchFrom(
      (_request, response) => {
        for (let hint = 0; hint < 10; hint++) response.writeEarlyHints({ link: '</1.css>; rel=preload' })
        response.end(pdf)
      },
      async ({ get }) => (await get()).release(),
      true,
    )
  })

  test('that redirects in a circle is left after five', async () => {
    const asked: string[] = []
    const message = await expectFailure((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(302, { location: '/again' }).end()
    }, 'media_unreachable')
    expect(asked).toHaveLength(6)
    expect(message).toContain('5 times')
  })

  test.each(['', 'http://[', 'http://'])('that redirects to %j is left', async (location) => {
    const message = await expectFailure(
      (_request, response) => {
        response.writeHead(302, { location }).end()
      },
      location === '' ? 'media_unreachable' : 'media_unreachable',
    )
    expect(message).toMatch(/redirect/)
  })

  test.each([
    [401, 'logging in'],
    [403, 'logging in'],
    [404, 'no file'],
    [410, 'no file'],
    [429, 'Try again later'],
    [500, 'Try again later'],
    [503, 'Try again later'],
    [204, 'not a file'],
    [206, 'not a file'],
  ])('that answers %d is told of in words', async (status, words) => {
    const message = await expectFailure((_request, response) => {
      response.writeHead(status).end()
    }, 'media_unreachable')
    expect(message).toContain(words)
  })

  test('with an error page of status 200 has sent a page, not the file', async () => {
    const page = '<!DOCTYPE html><html><body>Login</body></html>'
    const message = await expectFailure((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    }, 'media_not_direct')
    expect(message).toContain('web page')
  })

  test('whose page says that it is a PDF is recognised by its content', async () => {
    await expectFailure((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/pdf' }).end('\n <html><head></head></html>')
    }, 'media_not_direct')
  })

  test('that says text/html of a real PDF has sent a PDF', async () => {
    await fetchFrom(
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(pdf),
      async ({ get }) => {
        const file = await get()
        expect(file.mimeType).toBe('application/pdf')
        await file.release()
      },
    )
  })

  test('with nothing to send has sent an empty file', async () => {
    await expectFailure((_request, response) => response.end(), 'media_empty')
  })

  test('with nothing to send, which it calls compressed, is not waited for', async () => {
    const message = await expectFailure((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'deflate' }).end()
    }, 'media_unreachable')
    expect(message).toContain('compression')
  })

  test('that talks no HTTP is told of', async () => {
    const odd = createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH\r\n'))
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve))
    await using room = await openMedia(settings, { deadlines })
    const source = { url: `http://localhost:${(odd.address() as AddressInfo).port}/` }
    const failure = await failureOf(
      room.media.fetch({ source, mediaType: 'pdf', fileName: null, voice: false }),
    )
    expect(failure.code).toBe('media_unreachable')
    odd.close()
  })

  test('that is not there is told of', async () => {
    await using room = await openMedia(settings, { deadlines })
    const free = await startWebServer(() => undefined)
    await free[Symbol.asyncDispose]()
    const source = { url: `${free.origin}/1.pdf` }
    const failure = await failureOf(
      room.media.fetch({ source, mediaType: 'pdf', fileName: null, voice: false }),
    )
    expect(failure).toMatchObject({ code: 'media_unreachable' })
    expect(failure.message).toContain('No web server answers')
  })
})

describe('at the limit', () => {
  const exactly = Buffer.concat([pdf, Buffer.alloc(mebibyte - pdf.length, 0x20)])
  const oneOver = Buffer.concat([exactly, Buffer.from(' ')])

  test.each([
    [
      'with its length',
      (response: ServerResponse, body: Buffer) =>
        response.writeHead(200, { 'content-length': body.length }).end(body),
    ],
    [
      'in chunks',
      (response: ServerResponse, body: Buffer) =>
        void (response.write(body.subarray(0, 999)), response.end(body.subarray(999))),
    ],
    [
      'with gzip',
      (response: ServerResponse, body: Buffer) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body)),
    ],
    [
      'with raw deflate',
      (response: ServerResponse, body: Buffer) =>
        response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateRawSync(body)),
    ],
    [
      'with zlib deflate',
      (response: ServerResponse, body: Buffer) =>
        response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateSync(body)),
    ],
  ])('a file of exactly the limit passes, and of one byte more does not, sent %s', async (_how, send) => {
    await fetchFrom(
      (request, response) => void send(response, request.url === '/over.pdf' ? oneOver : exactly),
      async ({ get }) => {
        const file = await get('/exactly.pdf')
        expect(file.bytes).toBe(mebibyte)
        expect(file.sha256).toBe(createHash('sha256').update(exactly).digest('hex'))
        expect(exactly.equals(await readFile(file.path))).toBe(true)
        await file.release()
        expect((await failureOf(get('/over.pdf'))).code).toBe('media_too_large')
      },
      true,
    )
  })

  test('an upload of exactly the limit of its kind passes, and of one byte more does not', async () => {
    await using room = await openMedia({ ...settings, 'media.maxImageMiB': '2' })
    const file = await room.send(exactly, 'pdf')
    expect(file.bytes).toBe(mebibyte)
    expect((await failureOf(room.send(oneOver, 'pdf'))).code).toBe('media_too_large')
  })

  test('an upload over the largest limit is refused while it arrives', async () => {
    await using room = await openMedia({
      'media.maxImageMiB': '1',
      'media.maxAudioMiB': '1',
      'media.maxVideoMiB': '1',
      'media.maxDocumentMiB': '1',
    })
    expect((await failureOf(room.upload(oneOver))).code).toBe('media_too_large')
    expect((await failureOf(room.upload(Buffer.alloc(0)))).code).toBe('media_empty')
    expect(await room.left()).toEqual([])
  })
})

describe('a fetch', () => {
  test('tells how far it is', async () => {
    const heard: FetchProgress[] = []
    await fetchFrom(
      (_request, response) => response.writeHead(200, { 'content-length': pdf.length }).end(pdf),
      async ({ get }) => {
        const file = await get('/1.pdf', { onProgress: (progress) => heard.push(progress) })
        await file.release()
      },
    )
    expect(heard.at(-1)).toEqual({ bytes: pdf.length, total: pdf.length })
  })

  test('that its caller gives up ends with the caller’s own reason and leaves nothing', async () => {
    await fetchFrom(
      (_request, response) => response.write('%PDF-'),
      async ({ get }) => {
        const giveUp = new AbortController()
        const reason = new Error('the caller has gone')
        const fetching = get('/1.pdf', { signal: giveUp.signal })
        setTimeout(() => giveUp.abort(reason), 50)
        await expect(fetching).rejects.toBe(reason)
      },
      true,
    )
  })

  test('ends when the program stops', async () => {
    await fetchFrom(
      (_request, response) => response.write('%PDF-'),
      async ({ room, get }) => {
        const fetching = failureOf(get())
        setTimeout(() => room.media.stop(), 50)
        expect((await fetching).code).toBe('shutting_down')
      },
      true,
    )
  })

  test('sends no cookies of another host, no referrer and no key to where it is redirected', async () => {
    const headers: unknown[] = []
    await fetchFrom(
      (request, response) => {
        headers.push(request.headers)
        if (request.url === '/next.pdf') response.end(pdf)
        else {
          const location = `http://127.0.0.1:${String(request.socket.localPort)}/next.pdf`
          response.writeHead(302, { location, 'set-cookie': 'a=b; Path=/' }).end()
        }
      },
      async ({ get }) => (await get()).release(),
    )
    expect(Object.keys(headers[1] as object).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ])
  })
})

describe('a name', () => {
  const source = { url: 'http://shop.example/1.pdf' }
  const request = { source, mediaType: 'pdf', fileName: null, voice: false } as const

  test('that nobody resolves in time is given up', async () => {
    const lookUp = () => new Promise<string[]>(() => undefined)
    await using room = await openMedia(settings, {
      lookUp,
      deadlines: { ...deadlines, connect: 200, whole: 60_000 },
    })
    const failure = await failureOf(room.media.fetch(request))
    expect(failure.code).toBe('media_timeout')
    expect(failure.message).toContain('looked up')
  })

  test.each([
    ['ENOTFOUND', 'There is no host'],
    ['EAI_AGAIN', 'connected to the internet'],
  ])('that cannot be resolved (%s) is told of in words', async (code, words) => {
    const lookUp = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code }))
    await using room = await openMedia(settings, { lookUp, deadlines })
    const failure = await failureOf(room.media.fetch(request))
    expect(failure.code).toBe('media_unreachable')
    expect(failure.message).toContain(words)
  })

  test('of two addresses, the first of them silent, is reached at the second', async () => {
    await using server = await startWebServer((_request, response) => response.end(pdf))
    const lookUp = () => Promise.resolve(['127.0.0.2', '127.0.0.1'])
    await using room = await openMedia({ 'media.trustedHosts': '127.0.0.0/8' }, { lookUp, deadlines })
    const file = await room.media.fetch({
      ...request,
      source: { url: `http://shop.example:${server.port}/1.pdf` },
    })
    expect(server.asked).toEqual(['/1.pdf'])
    await file.release()
  })
})
