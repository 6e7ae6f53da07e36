import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { startNodeProcess } from '../../src-main/lib/processes/node-process.ts'
import { Inspector } from '../../src-main/media/inspection/inspector.ts'
import type { InspectionJob } from '../../src-main/media/inspection/inspection.ts'
import { withSystemGlib } from '../electron-fake/utility-process.ts'
import { makePdf } from './files/office-files.ts'
import { failureOf, openMedia } from './files/open-media.ts'
import { makeLargePng } from './files/png-file.ts'

/** An MP3 whose tag has a million frames of a few bytes: seconds of work for a parser. */
function mp3WithManyTags(): Buffer {
  const frame = Buffer.concat([Buffer.from('TXXX'), Buffer.from([0, 0, 0, 4, 0, 0]), Buffer.from('\0a\0b')])
  const frames = Buffer.concat(Array.from({ length: 1_000_000 }, () => frame))
  const { length } = frames
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f)
  const sound = Buffer.concat(
    Array.from({ length: 20 }, () => Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413)])),
  )
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([3, 0, 0, ...size]), frames, sound])
}

describe('a picture that would need gigabytes', () => {
  test.each([
    [16_000_000, 4, false],
    [63_999_999, 1, false],
    [1_000_000, 64, false],
    [8_000, 8_000, true],
  ])('of %d × %d pixels, interlaced %s, is refused from its header', async (width, height, interlaced) => {
    await using room = await openMedia()
    // 16 bit RGBA.
    const png = makeLargePng(width, height, { depth: 16, colourType: 6, interlaced, bytes: 1_000_000 })
    const failure = await failureOf(room.send(png, 'image'))
    expect(failure.code).toBe('media_too_large')
  })
})

describe('a file that keeps its parser busy', () => {
  test('is refused, while this thread goes on and the next file is taken', async () => {
    await using room = await openMedia()
    const body = mp3WithManyTags()
    const upload = await room.upload(body)
    const before = process.threadCpuUsage()
    const work = failureOf(
      room.media.fetch({ source: { upload }, mediaType: 'audio', fileName: null, voice: false }),
    )
    expect((await work).code).toBe('media_unreadable')
    const { user, system } = process.threadCpuUsage(before)
    // In microseconds: all that this thread did meanwhile.
    expect(user + system).toBeLessThan(1_000_000)
    await (await room.send(makePdf(), 'pdf')).release()
  })

  test('does not delay a document that is sent beside it', async () => {
    await using room = await openMedia()
    const slow = failureOf(room.send(mp3WithManyTags(), 'audio'))
    let isSlowDone = false
    void slow.then(() => (isSlowDone = true))
    await (await room.send(makePdf(), 'pdf')).release()
    expect(isSlowDone).toBe(false)
    await slow
  })
})

test('a caller who gives up frees the process that inspects its file', async () => {
  await using room = await openMedia()
  const controller = new AbortController()
  const upload = await room.upload(mp3WithManyTags())
  const request = { source: { upload }, mediaType: 'audio', fileName: null, voice: false } as const
  const work = room.media.fetch({ ...request, signal: controller.signal })
  const settled = work.catch((error: unknown) => error)
  setTimeout(() => controller.abort(new Error('gave up')), 100)
  expect(await settled).toMatchObject({ message: 'gave up' })
  await (await room.send(makePdf(), 'pdf')).release()
})

test('a process that ends by itself refuses its file and is replaced', async () => {
  const processes: { kill(): void }[] = []
  const inspector = new Inspector((file, options) => {
    const started = startNodeProcess(file, options)
    processes.push(started)
    return started
  })
  const folder = await mkdtemp(join(tmpdir(), 'kurir-inspection-'))
  try {
    const job = await jobFor(folder, makePdf(), 'pdf')
    const first = failureOf(inspector.inspect(job, new AbortController().signal))
    await expect.poll(() => processes.length).toBe(1)
    processes[0]?.kill()
    expect((await first).code).toBe('media_unreadable')
    const second = await inspector.inspect(job, new AbortController().signal)
    expect(second.content.format).toBe('pdf')
    expect(processes).toHaveLength(2)
  } finally {
    inspector.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

// https://github.com/lovell/sharp/issues/4525: the native build and Electron each bring a glib.
test.runIf(withSystemGlib()['LD_PRELOAD'] !== undefined)(
  'pictures of every kind are decoded and converted beside Electron’s own glib, and nothing is printed',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kurir-inspection-'))
    try {
      const picture = sharp({ create: { width: 300, height: 200, channels: 3, background: 'red' } })
      const formats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const
      const jobs = await Promise.all(
        formats.map(async (format) =>
          jobFor(folder, await picture.clone().toFormat(format).toBuffer(), 'image'),
        ),
      )
      const { answers, stderr } = await inspectAsElectron(jobs)
      expect(answers).toHaveLength(formats.length)
      for (const answer of answers) {
        expect(answer).toMatchObject({ ok: true, inspection: { result: { width: 300, height: 200 } } })
      }
      expect(stderr).toBe('')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)

let count = 0

async function jobFor(
  folder: string,
  body: Buffer,
  mediaType: InspectionJob['mediaType'],
): Promise<InspectionJob> {
  const path = join(folder, `file-${(count += 1)}`)
  await writeFile(path, body)
  const convertedPath = `${path}.converted`
  return {
    path,
    convertedPath,
    mediaType,
    voice: false,
    url: null,
    hops: [],
    contentType: null,
    named: { extension: '', by: null, isAttachment: false },
  }
}

/** The inspection process as Electron's utility process on Linux would run it, one job after the other. */
async function inspectAsElectron(jobs: InspectionJob[]): Promise<{ answers: unknown[]; stderr: string }> {
  const root = join(import.meta.dirname, '../..')
  const child = spawn(
    process.execPath,
    [
      join(root, 'tests/electron-fake/utility-run.ts'),
      join(root, 'src-main/media/inspection/inspection-process.ts'),
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...withSystemGlib() },
      serialization: 'advanced',
    },
  )
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const answers: unknown[] = []
  for (const job of jobs) {
    child.send(job)
    answers.push(
      await new Promise((resolve, reject) => {
        child.once('message', resolve)
        child.once('exit', () => reject(new Error(`the process ended: ${stderr}`)))
      }),
    )
  }
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.disconnect()
  await exited
  return { answers, stderr }
}
