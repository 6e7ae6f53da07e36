import { execFile } from 'node:child_process'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { makeMp4 } from './files/mp4-file.ts'
import { startWebServer } from './files/web-server.ts'

const mebibyte = 1_048_576

/** A video of 64 MiB, made while it is sent. */
function sendVideo(response: ServerResponse): void {
  const head = makeMp4({ payload: Buffer.alloc(0) })
  // The last box is the empty media data: its header is given the length that follows.
  head.writeUInt32BE(64 * mebibyte - (head.length - 8), head.length - 8)
  response.writeHead(200, { 'content-length': 64 * mebibyte, 'content-type': 'video/mp4' })
  response.write(head)
  const piece = Buffer.alloc(65_536, 7)
  let left = 64 * mebibyte - head.length
  const more = (): void => {
    while (left > 0) {
      const next = piece.subarray(0, Math.min(left, piece.length))
      left -= next.length
      if (!response.write(next)) return
    }
    response.end()
  }
  response.on('drain', more)
  more()
}

test('a video of 64 MiB is never whole in memory', async () => {
  await using server = await startWebServer((request, response) =>
    request.url === '/film.mp4' ? sendVideo(response) : response.end(makeMp4()),
  )
  const script = join(import.meta.dirname, 'files', 'fetch-large.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    `${server.origin}/short.mp4`,
    `${server.origin}/film.mp4`,
  ])
  const { bytes, grown } = JSON.parse(stdout) as { bytes: number; grown: number }
  expect(bytes).toBe(64 * mebibyte)
  expect(grown).toBeLessThan(48 * mebibyte)
}, 60_000)
