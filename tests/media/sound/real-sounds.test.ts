import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createDecoder } from 'libopus-wasm'
import { describe, expect, test } from 'vitest'
import { OggReader } from '../../../src-main/media/audio/codecs/ogg-reader.ts'
import { makeAmr3gp } from '../files/mp4-file.ts'
import { failureOf, openMedia } from '../files/open-media.ts'
import { likeness, makeAiff, makeVoice, makeWav } from '../files/sound-files.ts'

const fixture = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, '../fixtures', name))

/** What a phone plays of an Ogg Opus file, at 16 kHz, and the length that the file states. */
async function play(path: string): Promise<{ sound: Float32Array; seconds: number }> {
  const reader = new OggReader()
  const [head, , ...packets] = reader.push(await readFile(path))
  const preSkip = head?.readUInt16LE(10) ?? 0
  const decoder = await createDecoder({ sampleRate: 16_000, channels: 1 })
  const samples = packets.flatMap((packet) => Array.from(decoder.decodeFloat(packet)))
  const end = Number(reader.position)
  return {
    sound: Float32Array.from(samples.slice(preSkip / 3, end / 3)),
    seconds: (end - preSkip) / 48_000,
  }
}

const sounds = [
  'voice.webm',
  'voice-live.webm',
  'voice-laced.mka',
  'voice-opus.mp4',
  'voice-opus.caf',
  'voice-alac.m4a',
  'voice-alac.caf',
  'voice-flac.oga',
] as const

describe.each([false, true])('a sound of another container or codec (voice note: %s)', (voice) => {
  test.each(sounds)('is made Ogg Opus, and sounds as before: %s', async (name) => {
    await using room = await openMedia()
    const file = await room.send(await fixture(name), 'audio', { fileName: name, voice })
    expect(file).toMatchObject({
      kind: voice ? 'voice' : 'audio',
      mimeType: 'audio/ogg; codecs=opus',
      seconds: 3,
    })
    expect(file.fileName).toMatch(/\.(ogg|oga)$/)
    if (!voice) expect(file.notes).toEqual([expect.stringMatching(/^Converted from an? /)])
    const { sound, seconds } = await play(file.path)
    expect(Math.abs(seconds - 3)).toBeLessThan(0.1)
    expect(likeness(makeVoice(3, 16_000), sound, 1_600)).toBeGreaterThan(0.95)
  })

  test.each([null, 'NONE', 'sowt', 'fl32'] as const)('is made Ogg Opus of AIFF (%s)', async (coding) => {
    await using room = await openMedia()
    const body = makeAiff(makeVoice(2, 44_100), 44_100, coding)
    const file = await room.send(body, 'audio', { voice })
    expect(file).toMatchObject({ kind: voice ? 'voice' : 'audio', seconds: 2 })
    const { sound } = await play(file.path)
    expect(likeness(makeVoice(2, 16_000), sound, 100)).toBeGreaterThan(0.95)
  })
})

test('a recording of a browser keeps its packets: nothing is encoded again', async () => {
  await using room = await openMedia()
  const body = await fixture('voice.webm')
  const file = await room.send(body, 'audio')
  const packets = new OggReader().push(await readFile(file.path)).slice(2)
  expect(packets.length).toBeGreaterThan(100)
  for (const packet of packets) expect(body.includes(packet)).toBe(true)
})

describe('a sound that nothing here decodes', () => {
  test('is sent as a document, and the answer says so: Vorbis in WebM', async () => {
    await using room = await openMedia()
    const file = await room.send(await fixture('voice-vorbis.webm'), 'audio', { fileName: 'lagu' })
    expect(file).toMatchObject({ kind: 'document', mimeType: 'audio/webm', fileName: 'lagu.webm' })
    expect(file.notes[0]).toContain('Sent as a document')
  })

  test('is no voice note, in words: Vorbis in WebM', async () => {
    await using room = await openMedia()
    const failure = await failureOf(room.send(await fixture('voice-vorbis.webm'), 'audio', { voice: true }))
    expect(failure.code).toBe('media_mismatch')
    expect(failure.message).toContain('WebM or Matroska sound')
  })

  test('is no video either', async () => {
    await using room = await openMedia()
    const failure = await failureOf(room.send(await fixture('voice.webm'), 'video'))
    expect(failure.message).toContain('media_type=')
    expect(failure.message).toContain('a WebM sound in Opus')
  })
})

describe('AMR in 3GP', () => {
  const frame = Buffer.concat([Buffer.from([0x3c]), Buffer.alloc(31, 7)])
  const frames = Array.from({ length: 200 }, () => frame)

  test.each([
    ['samr', '#!AMR\n', frame],
    ['sawb', '#!AMR-WB\n', Buffer.concat([Buffer.from([0x14]), Buffer.alloc(32, 7)])],
  ] as const)('is taken out as .amr, which phones play: %s', async (codec, line, one) => {
    await using room = await openMedia()
    const own = Array.from({ length: 200 }, () => one)
    const file = await room.send(makeAmr3gp(own, codec), 'audio', { fileName: 'rekaman.3gp' })
    expect(file).toMatchObject({
      kind: 'audio',
      mimeType: 'audio/amr',
      fileName: 'rekaman.amr',
      seconds: 4,
      notes: [expect.stringContaining('AMR')],
    })
    expect(Buffer.concat([Buffer.from(line), ...own]).equals(await readFile(file.path))).toBe(true)
  })

  test('is no voice note, in words', async () => {
    await using room = await openMedia()
    const failure = await failureOf(room.send(makeAmr3gp(frames), 'audio', { voice: true }))
    expect(failure.code).toBe('media_mismatch')
    expect(failure.message).toContain('a 3GP sound in AMR')
  })
})

describe('a sound behind something else', () => {
  const tag = (said: number, real = said): Buffer => {
    const size = [21, 14, 7, 0].map((shift) => (said >> shift) & 0x7f)
    return Buffer.concat([Buffer.from('ID3\u0004\0\0', 'latin1'), Buffer.from(size), Buffer.alloc(real)])
  }

  test.each([
    ['zeros', Buffer.alloc(600)],
    ['a tag', tag(500)],
    ['a tag that says 1 KiB too much', tag(3_000, 2_000)],
    ['a tag that says 1 KiB too little', tag(2_000, 3_000)],
  ])('is found: MP3 behind %s', async (_what, before) => {
    await using room = await openMedia()
    const body = Buffer.concat([before, await fixture('voice.mp3')])
    expect(await room.send(body, 'audio', { fileName: 'lagu' })).toMatchObject({
      kind: 'audio',
      mimeType: 'audio/mpeg',
      fileName: 'lagu.mp3',
      seconds: 3,
    })
    const note = await room.send(body, 'audio', { voice: true })
    const { sound } = await play(note.path)
    expect(likeness(makeVoice(3, 16_000), sound, 1_600)).toBeGreaterThan(0.95)
  })

  test('is rid of it: Ogg Opus behind a tag is sent as phones read it, with its length', async () => {
    await using room = await openMedia()
    const ogg = await readFile((await room.send(await fixture('voice.webm'), 'audio')).path)
    const file = await room.send(Buffer.concat([tag(700), ogg]), 'audio', { fileName: 'lagu' })
    expect(file).toMatchObject({ kind: 'audio', mimeType: 'audio/ogg; codecs=opus', seconds: 3 })
    expect(ogg.equals(await readFile(file.path))).toBe(true)
  })

  test.each([false, true])('is rid of it: WAV behind a tag (voice note: %s)', async (voice) => {
    await using room = await openMedia()
    const wav = makeWav(makeVoice(2, 16_000), { sampleRate: 16_000 })
    const file = await room.send(Buffer.concat([tag(700), wav]), 'audio', { voice })
    expect(file).toMatchObject({ kind: voice ? 'voice' : 'audio', seconds: 2 })
    const { sound } = await play(file.path)
    expect(likeness(makeVoice(2, 16_000), sound, 100)).toBeGreaterThan(0.95)
  })
})

describe('a video that some phones do not play whole', () => {
  test.each([
    ['hev1.mp4', /hev1/],
    ['yuv444.mp4', /4:4:4/],
    ['ten-bit.mp4', /10 bits/],
    ['video-opus.mp4', /without its sound, which is Opus/],
    ['video-mp3.mp4', /without its sound, which is MP3/],
  ])('is sent as a video, and the answer says so: %s', async (name, note) => {
    await using room = await openMedia()
    const file = await room.send(await fixture(name), 'video')
    expect(file).toMatchObject({ kind: 'video', seconds: 3, width: 64, height: 48 })
    expect(file.notes).toEqual([expect.stringMatching(note)])
  })

  test('but in fragments is one like any other, with its length', async () => {
    await using room = await openMedia()
    const file = await room.send(await fixture('fragmented.mp4'), 'video')
    expect(file).toMatchObject({ kind: 'video', seconds: 3, notes: [] })
  })
})
