import { forgetHighest, memoryOf } from '../child.ts'
import { startBare } from '../bare.ts'
import { Caller } from '../caller.ts'
import type { Figure } from '../figure.ts'
import { startKurir, type Kurir } from '../kurir.ts'
import { contacts, deviceNumbers, startPractice } from '../practice.ts'
import { seedFolder } from '../seeding.ts'
import { median, ratios, rounded } from '../statistics.ts'
import { makeMp4 } from '../../media/files/mp4-file.ts'

/** The limit for videos as it is set. */
const bytes = 64 * 1024 * 1024
const [person = ''] = contacts(1, 400)

/** A video that a POS uploads, beside bare Baileys that has it in a buffer already. */
export const media: Figure = {
  names: ['media_rss', 'media_rate'],
  measure: async ({ rounds, say }) => {
    const practice = await startPractice()
    const [one, other] = await practice.accounts(deviceNumbers(2, 700))
    if (one === undefined || other === undefined) throw new Error('no accounts')
    const kurir = await startKurir(await seedFolder([one]), practice)
    const bare = await startBare(practice, other, 'memory')
    const bodyOf = (length: number, caption: string): Buffer =>
      multipart({ sender: one.number, number: person, media_type: 'video', caption }, makeVideo(length))
    await upload(kurir, bodyOf(1_000_000, 'warm'))
    await bare.video(person, 1_000_000)
    const took = { bare: [] as number[], kurir: [] as number[] }
    const growth: number[] = []
    for (let round = 0; round < rounds; round++) {
      took.bare.push(await bare.video(person, bytes))
      const body = bodyOf(bytes, `Video ${round}`)
      const { now: before } = memoryOf(kurir.pid)
      forgetHighest(kurir.pid)
      took.kurir.push(await upload(kurir, body))
      growth.push(memoryOf(kurir.pid).highest - before)
      say(
        `ms: bare ${rounded(took.bare.at(-1) ?? 0)}, Kurir ${rounded(took.kurir.at(-1) ?? 0)}, growth ${rounded(growth.at(-1) ?? 0)} MB`,
      )
    }
    await Promise.all([kurir.stop(), bare.child.stop()])
    await practice.stop()
    const rate = (times: number[]): number[] => times.map((ms) => (bytes / 1_000_000 / ms) * 1_000)
    return [
      {
        name: 'media_rss',
        samples: growth,
        sides: [],
        notes: ['The highest RSS while it is taken in, checked, encrypted and uploaded, less that before.'],
      },
      {
        name: 'media_rate',
        samples: ratios(rate(took.kurir), rate(took.bare)),
        sides: [
          { label: 'bare Baileys, from a buffer', unit: 'MB/s', samples: rate(took.bare) },
          { label: 'Kurir, from the call on', unit: 'MB/s', samples: rate(took.kurir) },
        ],
        notes: [
          `${rounded(median(took.kurir))} ms from the first byte of the upload to the acknowledgement; bare Baileys ${rounded(median(took.bare))} ms.`,
        ],
      },
    ]
  },
}

const boundary = 'kurir-bench-7f3a'

function multipart(fields: Record<string, string>, file: Buffer): Buffer {
  const texts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="video.mp4"\r\nContent-Type: video/mp4\r\n\r\n`
  return Buffer.concat([Buffer.from(texts.join('') + head), file, Buffer.from(`\r\n--${boundary}--\r\n`)])
}

/** A whole video file of exactly that many bytes. */
function makeVideo(length: number): Buffer {
  const boxes = makeMp4({ payload: Buffer.alloc(0) }).length
  return makeMp4({ payload: Buffer.alloc(length - boxes, 7) })
}

/** Milliseconds from the call to its answer. */
async function upload({ port, apiKey }: Kurir, body: Buffer): Promise<number> {
  const caller = new Caller(port)
  const headers = { 'X-API-Key': apiKey, 'Content-Type': `multipart/form-data; boundary=${boundary}` }
  const began = performance.now()
  const answer = await caller.post('/send-media', headers, body)
  const took = performance.now() - began
  caller.close()
  if (answer.status !== 200) throw new Error(`not sent: ${answer.body}`)
  return took
}
