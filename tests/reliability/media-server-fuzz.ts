import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Program } from '../support/program.ts'
import { complaintAbout, send, watched, type FuzzResult } from './file-fuzz.ts'
import { makePdf } from '../media/files/office-files.ts'
import { Seeded } from './seeded.ts'

const pdf = makePdf()
/** Callers at once: most answers are over at once, some are slow on purpose. */
const workers = 8

/** Has the program fetch from a server that answers every nonsense, so many times. */
export async function fuzzMediaServer(program: Program, seed: number, requests: number): Promise<FuzzResult> {
  const server = createServer((socket) => {
    let head = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      const number = Number(/^GET \/(\d+)/.exec(head)?.[1] ?? 0)
      // An answer after a redirect is another one.
      const hops = head.split('/').length
      head = ''
      void answer(socket, new Seeded(seed + number * 31 + hops))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const numbers = Array.from({ length: requests }, (_, index) => index)
  try {
    return await watched(
      program,
      numbers,
      async (number) => {
        const mediaType = new Seeded(seed + number).one(['pdf', 'document', 'image', 'audio', 'xls'])
        const url = `http://localhost:${String(port)}/${String(number)}/nota.pdf`
        const about = `answer ${String(number)} of seed ${String(seed)}`
        return complaintAbout(await send(program, { media_type: mediaType, url }), about)
      },
      workers,
    )
  } finally {
    server.close()
  }
}

async function answer(socket: Socket, seeded: Seeded): Promise<void> {
  if (seeded.once(12)) return void socket.resetAndDestroy()
  if (seeded.once(30)) return void socket.end(seeded.bytes(seeded.below(3_000)))
  for (let informational = seeded.once(10) ? seeded.below(30) : 0; informational > 0; informational -= 1) {
    socket.write('HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n')
  }
  const bytes = Buffer.concat([Buffer.from(headOf(seeded), 'latin1'), bodyOf(seeded)])
  const cut = seeded.once(5) ? bytes.subarray(0, seeded.below(bytes.length)) : bytes
  await deliver(socket, cut, seeded)
}

/** At once, in pieces, or a little at a time; then closed, reset, or left open for a while. */
async function deliver(socket: Socket, bytes: Buffer, seeded: Seeded): Promise<void> {
  const pieces = seeded.once(8) ? 1 + seeded.below(20) : 1
  const each = Math.ceil(bytes.length / pieces) || 1
  for (let at = 0; at < bytes.length && socket.writable; at += each) {
    socket.write(bytes.subarray(at, at + each))
    if (pieces > 1) await pause(seeded.below(20))
  }
  const end = seeded.below(10)
  if (end === 0) socket.resetAndDestroy()
  else if (end === 1) setTimeout(() => socket.destroy(), seeded.below(1_000))
  else socket.end()
}

function headOf(seeded: Seeded): string {
  const status = seeded.one([
    'HTTP/1.1 200 OK',
    'HTTP/1.1 200 OK',
    'HTTP/1.1 200 OK',
    'HTTP/1.1 200',
    'HTTP/1.0 200 OK',
    'HTTP/1.1 302 Found',
    'HTTP/1.1 301 Moved',
    'HTTP/1.1 206 Partial Content',
    'HTTP/1.1 204 No Content',
    'HTTP/1.1 304 Not Modified',
    'HTTP/1.1 999 Odd',
    'HTTP/1.1 0',
    'HTTP/1.1 100 Continue',
    'HTTP/1.1 101 Switching Protocols',
    'HTTP/2 200',
    'HTTP/1.1  200  OK',
    'ICY 200 OK',
    'HTTP/1.1 20x OK',
    '',
  ])
  const count = seeded.once(60) ? 3_000 : seeded.below(7)
  const headers = Array.from({ length: count }, () => headerOf(seeded))
  const lineEnd = seeded.once(20) ? '\n' : '\r\n'
  return [status, ...headers, '', ''].join(lineEnd)
}

function headerOf(seeded: Seeded): string {
  const number = seeded.one([
    '0',
    '1',
    '-1',
    '5',
    '1e3',
    '0x10',
    '99999999999999999999',
    ' 12 ',
    '',
    '5, 5',
    'x',
    '700',
  ])
  const name = seeded.one([
    'nota.pdf',
    '"a "b".pdf"',
    "UTF-8''%E0%",
    '=?UTF-8?B?AAA?=',
    '../../x',
    '\xff\xfe',
    'a'.repeat(5_000),
  ])
  return seeded.one([
    `Content-Length: ${number}`,
    `Content-Length: ${String(pdf.length)}`,
    `Transfer-Encoding: ${seeded.one(['chunked', 'chunked, chunked', 'gzip', 'Chunked ', 'x'])}`,
    `Content-Encoding: ${seeded.one(['gzip', 'deflate', 'br', 'utf-8', 'gzip, gzip', 'zstd', '', 'x', 'aws-chunked'])}`,
    `Content-Type: ${seeded.one(['application/pdf', 'text/html', ';;;', 'a'.repeat(9_000), '\x80', ''])}`,
    `Content-Disposition: ${seeded.one(['attachment; ', '', ';', 'inline;'])}filename${seeded.one(['', '*', '*0*'])}=${name}`,
    `Location: ${seeded.one(['/1/b', '//', 'http://', 'http://[', '\xff', '/\xc3\xa9', 'javascript:x', '', '?', '/2/'.repeat(3_000), 'http://localhost:1/x'])}`,
    `Set-Cookie: ${seeded.one(['a=b', '=;;;', 'a'.repeat(9_000), '__Host-x=1; Domain=x', 'a=\x01', ';', 'a=b; Expires=x; Max-Age=y'])}`,
    `Connection: ${seeded.one(['close', 'keep-alive', 'upgrade', ''])}`,
    'no colon',
    ': empty',
    ' folded: x',
    `X-${'y'.repeat(seeded.below(300))}: ${seeded
      .bytes(seeded.below(30))
      .toString('latin1')
      .replaceAll(/[\r\n]/g, '')}`,
  ])
}

function bodyOf(seeded: Seeded): Buffer {
  const content = seeded.one([
    pdf,
    Buffer.from('<html>Masuk</html>'),
    Buffer.alloc(0),
    seeded.bytes(500),
    gzipSync(pdf),
    gzipSync(Buffer.alloc(1_000_000)),
    Buffer.concat([gzipSync(pdf).subarray(0, 40), seeded.bytes(60)]),
    Buffer.alloc(300_000, '%PDF-'),
  ])
  if (!seeded.once(3)) return content
  const size = seeded.one([
    content.length.toString(16),
    'ffffffff',
    '-1',
    '',
    'zz',
    '0',
    '5;ext=\xff',
    '0000000000000000000001',
  ])
  return Buffer.concat([
    Buffer.from(`${size}\r\n`, 'latin1'),
    content,
    Buffer.from(seeded.one(['\r\n0\r\n\r\n', '\r\n', '0\r\nTrailer: x\r\n\r\n'])),
  ])
}
