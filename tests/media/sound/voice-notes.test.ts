import { createDecoder } from 'libopus-wasm'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { ReadyMedia } from '../../../src-main/media/media.ts'
import { convertSound } from '../../../src-main/media/audio/audio-conversion.ts'
import { convert } from '../../../src-main/media/audio/convert-audio.ts'
import { decode } from '../../../src-main/media/audio/codecs/decoders.ts'
import { checksum } from '../../../src-main/media/audio/codecs/ogg-writer.ts'
import { smallDisk } from '../../storage/support.ts'
import { failureOf, openMedia } from '../files/open-media.ts'
import { likeness, maxFlacFrameBytes, makeSilentFlac, makeVoice, makeWav } from '../files/sound-files.ts'

const fixture = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, '../fixtures', name))

interface Page {
  flags: number
  position: number
  packets: Buffer[]
}

/** Reads the pages of an Ogg file strictly: every byte belongs to a page, and every checksum is right. */
function pagesOf(file: Buffer): Page[] {
  const pages: Page[] = []
  for (let at = 0; at < file.length;) {
    expect(file.toString('latin1', at, at + 4)).toBe('OggS')
    const segments = file[at + 26] ?? 0
    const lacing = file.subarray(at + 27, at + 27 + segments)
    const end = at + 27 + segments + lacing.reduce((sum, length) => sum + length, 0)
    const page = Buffer.from(file.subarray(at, end))
    const sum = page.readUInt32LE(22)
    page.writeUInt32LE(0, 22)
    expect(checksum(page)).toBe(sum)
    expect(page.readUInt32LE(18)).toBe(pages.length)
    pages.push({
      flags: page[5] ?? 0,
      position: Number(page.readBigInt64LE(6)),
      packets: packetsIn(page, lacing),
    })
    at = end
  }
  return pages
}

function packetsIn(page: Buffer, lacing: Buffer): Buffer[] {
  const packets: Buffer[] = []
  let start = 27 + lacing.length
  let at = start
  for (const length of lacing) {
    at += length
    if (length < 255) {
      packets.push(page.subarray(start, at))
      start = at
    }
  }
  return packets
}

/** What a phone plays, decoded by libopus at 16 kHz, without the program's own reader. */
async function play(
  file: Buffer,
): Promise<{ sound: Float32Array; packets: Buffer[]; preSkip: number; end: number }> {
  const pages = pagesOf(file)
  const [head] = pages[0]?.packets ?? []
  const preSkip = head?.readUInt16LE(10) ?? 0
  const packets = pages.slice(2).flatMap((page) => page.packets)
  const decoder = await createDecoder({ sampleRate: 16_000, channels: 1 })
  const samples = packets.flatMap((packet) => Array.from(decoder.decodeFloat(packet)))
  const end = pages.at(-1)?.position ?? 0
  return { sound: Float32Array.from(samples.slice(preSkip / 3, end / 3)), packets, preSkip, end }
}

async function expectVoiceNote(file: ReadyMedia, seconds: number): Promise<Awaited<ReturnType<typeof play>>> {
  expect(file).toMatchObject({
    kind: 'voice',
    mimeType: 'audio/ogg; codecs=opus',
    seconds,
    width: null,
    thumbnail: null,
  })
  expect(file.fileName).toMatch(/\.ogg$/)
  const content = await readFile(file.path)
  expect(file.bytes).toBe(content.length)
  expect(file.waveform).toHaveLength(64)
  expect(Math.max(...(file.waveform ?? []))).toBe(100)
  return play(content)
}

describe('a voice note', { timeout: 60_000 }, () => {
  test.each([
    ['MP3', 'voice.mp3'],
    ['M4A', 'voice.m4a'],
    ['M4A with the brand of a film', 'voice-isom.m4a'],
    ['AAC', 'voice.aac'],
    ['Ogg Vorbis', 'voice-vorbis.ogg'],
    ['FLAC', 'voice.flac'],
    ['FLAC in stereo at 44,100 Hz', 'voice-stereo.flac'],
    ['Apple Lossless', 'voice-alac.m4a'],
  ])('of %s sounds like its source', async (_what, name) => {
    await using room = await openMedia()
    const { sound } = await expectVoiceNote(await room.send(await fixture(name), 'audio', { voice: true }), 3)
    expect(likeness(makeVoice(3, 16_000), sound, 1_600)).toBeGreaterThan(0.98)
  })

  test.each([
    { sampleRate: 8_000 },
    { sampleRate: 16_000 },
    { sampleRate: 44_100, channels: 2 },
    { sampleRate: 48_000, bits: 24 },
    { sampleRate: 22_050, bits: 32 },
    { sampleRate: 11_025, bits: 8 },
    { sampleRate: 48_000, code: 3, bits: 32 },
    { sampleRate: 96_000 },
    { sampleRate: 44_100, open: true },
    { sampleRate: 16_000, before: 200_000 },
  ] as const)('of WAV sounds like its source, without any delay: %j', async (wish) => {
    await using room = await openMedia()
    const wav = makeWav(makeVoice(2, wish.sampleRate), wish)
    const { sound } = await expectVoiceNote(await room.send(wav, 'audio', { voice: true }), 2)
    expect(Math.abs(sound.length - 32_000)).toBeLessThanOrEqual(2)
    expect(likeness(makeVoice(2, 16_000), sound, 8)).toBeGreaterThan(0.97)
  })

  test('of a voice note is as long and sounds like it', async () => {
    await using room = await openMedia()
    const wav = makeWav(makeVoice(2.5, 16_000), { sampleRate: 16_000 })
    const first = await room.send(wav, 'audio', { voice: true })
    const again = await room.send(await readFile(first.path), 'audio', { voice: true })
    const { sound } = await expectVoiceNote(again, 3)
    expect(Math.abs(sound.length - 40_000)).toBeLessThanOrEqual(2)
    expect(likeness(makeVoice(2.5, 16_000), sound, 8)).toBeGreaterThan(0.97)
  })

  test('is packed as phones pack it: 16 kHz SILK, three frames of 20 ms a packet, each page in order', async () => {
    await using room = await openMedia()
    const file = await room.send(makeWav(makeVoice(4, 44_100), { sampleRate: 44_100 }), 'audio', {
      voice: true,
    })
    const pages = pagesOf(await readFile(file.path))
    expect(pages[0]).toMatchObject({ flags: 2, position: 0 })
    const head = pages[0]?.packets[0] ?? Buffer.alloc(19)
    expect(head.toString('latin1', 0, 8)).toBe('OpusHead')
    expect([head[8], head[9], head.readUInt32LE(12), head[18]]).toEqual([1, 1, 16_000, 0])
    expect(pages[1]?.packets[0]?.toString('latin1', 0, 8)).toBe('OpusTags')
    expect(pages.at(-1)?.flags).toBe(4)
    const { packets, preSkip, end } = await play(await readFile(file.path))
    for (const packet of packets) {
      expect((packet[0] ?? 0) & 3).toBe(3) // code 3
      expect((packet[0] ?? 0) >> 3).toBe(9) // SILK, wide band, 20 ms
      expect((packet[0] ?? 0) & 4).toBe(0) // mono
      expect((packet[1] ?? 0) & 63).toBe(3) // three frames
    }
    expect(end - preSkip).toBe(4 * 48_000)
    // The last page cuts, all others count what they hold.
    let counted = 0
    for (const page of pages.slice(2, -1)) {
      counted += page.packets.length * 2_880
      expect(page.position).toBe(counted)
    }
    expect(end).toBeGreaterThan(counted)
    expect(end).toBeLessThanOrEqual(packets.length * 2_880)
  })

  test('has a waveform that follows its loudness', async () => {
    await using room = await openMedia()
    const rising = makeVoice(4, 16_000).map((_, at) => Math.sin(at / 5) * (at / 64_000) * 0.8)
    const file = await room.send(makeWav(rising, { sampleRate: 16_000 }), 'audio', { voice: true })
    const bars = Array.from(file.waveform ?? [])
    expect(bars[0]).toBeLessThan(5)
    expect(bars[31]).toBeGreaterThan(40)
    expect(bars[31]).toBeLessThan(60)
    expect(bars[63]).toBe(100)
  })

  test('of silence is silent', async () => {
    await using room = await openMedia()
    const file = await room.send(makeWav(new Float32Array(8_000), { sampleRate: 16_000 }), 'audio', {
      voice: true,
    })
    expect(file).toMatchObject({ kind: 'voice', seconds: 1 })
    expect(Array.from(file.waveform ?? [])).toEqual(Array.from({ length: 64 }, () => 0))
  })

  test('leaves nothing but itself, and then nothing', async () => {
    await using room = await openMedia()
    const upload = await room.upload(makeWav(makeVoice(1, 16_000), { sampleRate: 16_000 }))
    const file = await room.media.fetch({
      source: { upload },
      mediaType: 'audio',
      fileName: null,
      voice: true,
    })
    await room.media.discardUpload(upload)
    expect(await room.left()).toHaveLength(1)
    await file.release()
    expect(await room.left()).toEqual([])
  })
})

describe('a sound that is refused', () => {
  test.each([
    ['a WAV without sound', makeWav(new Float32Array(0), { sampleRate: 16_000 }), 'media_unreadable'],
    [
      'a WAV of a coding nobody reads',
      Buffer.concat([makeWav(new Float32Array(9), { sampleRate: 8_000 }).fill(0x55, 20, 22)]),
      'media_unreadable',
    ],
    [
      'an MP3 of noise',
      Buffer.concat([Buffer.from('ID3\u0004\0\0\0\0\0\0', 'latin1'), Buffer.alloc(4_000, 0x5a)]),
      'media_mismatch',
    ],
    [
      'a FLAC of nothing',
      Buffer.concat([Buffer.from('fLaC\u0080\0\0"', 'latin1'), Buffer.alloc(34)]),
      'media_unreadable',
    ],
    ['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'media_mismatch'],
  ])('is %s', async (_what, body, code) => {
    await using room = await openMedia()
    expect(await failureOf(room.send(body, 'audio', { voice: true }))).toMatchObject({ code })
    expect(await room.left()).toHaveLength(1)
  })

  test('is an M4A cut short', async () => {
    await using room = await openMedia()
    const whole = await fixture('voice-isom.m4a')
    const failure = await failureOf(room.send(whole.subarray(0, 9_000), 'audio', { voice: true }))
    expect(failure.code).toBe('media_unreadable')
  })

  test('is one that the disk takes no more than the beginning of', async ({ skip }) => {
    const disk = smallDisk(12)
    if (disk === null) {
      skip('this user cannot mount a disk')
      return
    }
    await using room = await openMedia()
    const tone = Float32Array.from({ length: 32_000 }, (_, at) => Math.sin(at / 5) / 2)
    const { path } = await room.upload(makeWav(tone, { sampleRate: 8_000 }))
    const job = { from: path, to: `${path}.ogg`, format: 'wav', shape: 'voice' } as const
    await convert(job)
    const whole = await readFile(job.to)
    // The disk is full within the last page that is written.
    expect(whole.length).toBeGreaterThan(12 * 1024)
    expect(whole.lastIndexOf('OggS')).toBeLessThan(12 * 1024)
    await expect(convert({ ...job, to: join(disk, 'a.ogg') })).rejects.toMatchObject({ code: 'ENOSPC' })
  })

  test('is longer than what is taken', async () => {
    await using room = await openMedia()
    const { path } = await room.upload(makeWav(makeVoice(6, 8_000), { sampleRate: 8_000 }))
    const job = { from: path, to: `${path}.ogg`, format: 'wav', shape: 'voice' } as const
    const failure = await failureOf(convert(job, 5))
    expect(failure.code).toBe('media_too_large')
    expect((await convert(job, 7)).seconds).toBe(6)
  })

  test('keeps a decoder busy for too long', async () => {
    await using room = await openMedia()
    const { path } = await room.upload(makeWav(makeVoice(1, 8_000), { sampleRate: 8_000 }))
    const job = { from: path, to: `${path}.ogg`, format: 'wav', shape: 'voice' } as const
    const failure = await failureOf(convertSound(job, new AbortController().signal, { timeoutMs: 1 }))
    expect(failure.code).toBe('media_too_large')
  })
})

test('hours of silence in a few bytes are decoded a little at a time', async () => {
  await using room = await openMedia()
  const { path } = await room.upload(makeSilentFlac(600))
  let most = 0
  for await (const { channels } of decode(path, 'flac', 16_000)) {
    most = Math.max(most, channels[0]?.length ?? 0)
  }
  expect(most).toBeGreaterThan(maxFlacFrameBytes)
  expect(most).toBeLessThan(200 * maxFlacFrameBytes)
})

describe('a sound sent as a file', { timeout: 60_000 }, () => {
  test.each([
    ['voice.mp3', 'audio/mpeg', 'lagu.mp3'],
    ['voice.m4a', 'audio/mp4', 'lagu.m4a'],
    ['voice-isom.m4a', 'audio/mp4', 'lagu.m4a'],
    ['voice.aac', 'audio/aac', 'lagu.aac'],
  ])('is sent byte for byte with its duration: %s', async (name, mimeType, fileName) => {
    await using room = await openMedia()
    const body = await fixture(name)
    const file = await room.send(body, 'audio', { fileName: 'lagu' })
    expect(file).toMatchObject({ kind: 'audio', mimeType, fileName, seconds: 3, waveform: null, notes: [] })
    expect(body.equals(await readFile(file.path))).toBe(true)
  })

  test.each(['voice-vorbis.ogg', 'voice.flac'])(
    'that WhatsApp does not play is made Ogg Opus: %s',
    async (name) => {
      await using room = await openMedia()
      const file = await room.send(await fixture(name), 'audio', { fileName: 'lagu' })
      expect(file).toMatchObject({
        kind: 'audio',
        mimeType: 'audio/ogg; codecs=opus',
        fileName: 'lagu.ogg',
        seconds: 3,
        waveform: null,
      })
      expect(file.notes[0]).toContain('Converted from')
      const { sound } = await play(await readFile(file.path))
      expect(likeness(makeVoice(3, 16_000), sound, 1_600)).toBeGreaterThan(0.95)
      const again = await room.send(await readFile(file.path), 'audio')
      expect(again).toMatchObject({ kind: 'audio', seconds: 3, notes: [] })
    },
  )

  test('in AMR is measured', async () => {
    await using room = await openMedia()
    const frame = Buffer.concat([Buffer.from([0x3c]), Buffer.alloc(31)])
    const amr = Buffer.concat([Buffer.from('#!AMR\n'), ...Array.from({ length: 200 }, () => frame)])
    expect(await room.send(amr, 'audio')).toMatchObject({ kind: 'audio', mimeType: 'audio/amr', seconds: 4 })
  })
})

/** What a piece of work costs in milliseconds of a core, whatever else runs on this machine. */
async function costOf(
  work: () => Promise<ReadyMedia>,
): Promise<{ file: ReadyMedia; own: number; all: number }> {
  const before = { own: process.threadCpuUsage(), all: process.cpuUsage() }
  const file = await work()
  const own = process.threadCpuUsage(before.own)
  const all = process.cpuUsage(before.all)
  return { file, own: (own.user + own.system) / 1_000, all: (all.user + all.system) / 1_000 }
}

describe('the work on a sound', { timeout: 60_000 }, () => {
  test('of 30 seconds takes less than 2', async () => {
    await using room = await openMedia()
    const upload = await room.upload(makeWav(makeVoice(30, 44_100), { sampleRate: 44_100 }))
    const { file, all } = await costOf(() =>
      room.media.fetch({ source: { upload }, mediaType: 'audio', fileName: null, voice: true }),
    )
    expect(file.seconds).toBe(30)
    expect(all).toBeLessThan(2_000)
  })

  test('of 5 minutes leaves the event loop free', async () => {
    await using room = await openMedia()
    const frames = await fixture('voice.mp3')
    const upload = await room.upload(Buffer.concat(Array.from({ length: 100 }, () => frames)))
    const { file, own, all } = await costOf(() =>
      room.media.fetch({ source: { upload }, mediaType: 'audio', fileName: null, voice: true }),
    )
    expect(file.seconds).toBeGreaterThan(298)
    // No single piece of what this thread did can have held up others for longer.
    expect(own).toBeLessThan(100)
    expect(all).toBeGreaterThan(own * 5)
  }, 120_000)

  test('ends at once when its caller gives up, and leaves nothing', async () => {
    await using room = await openMedia()
    const upload = await room.upload(makeWav(makeVoice(30, 48_000), { sampleRate: 48_000 }))
    const giveUp = new AbortController()
    const reason = new Error('the caller has gone')
    const working = room.media.fetch({
      source: { upload },
      mediaType: 'audio',
      fileName: null,
      voice: true,
      signal: giveUp.signal,
    })
    await wait(100)
    giveUp.abort(reason)
    await expect(working).rejects.toBe(reason)
    expect(await room.left()).toHaveLength(1)
  })
})
