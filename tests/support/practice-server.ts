import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import sharp from 'sharp'
import { eventually, temporaryFolder } from './program.ts'

/** The practice WhatsApp in a process of its own: it outlives the program that sends through it. */
export interface PracticeServer {
  /** What `--whatsapp-url` and `--extra-ca` take. */
  options: string[]
  control: string
  stop(): Promise<void>
}

export async function startPracticeServer(words: string[] = []): Promise<PracticeServer> {
  const script = join(import.meta.dirname, '..', 'sandbox', 'sandbox-process.ts')
  const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { url, certificate, control } = JSON.parse(line) as {
    url: string
    certificate: string
    control: string
  }
  const certificateFile = join(temporaryFolder(), 'practice-ca.pem')
  writeFileSync(certificateFile, certificate)
  return {
    options: ['--whatsapp-url', url, '--extra-ca', certificateFile],
    control,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** Pairs a device as a caller would: asks for the QR until there is one, and has a practice phone scan it. */
export async function pairByApi(options: {
  api: string
  key: string
  control: string
  number: string
}): Promise<void> {
  const { api, key, control, number } = options
  const ask = async () => {
    const answer = await fetch(`${api}/generate-qr?api_key=${key}&device=${number}&force=1`)
    return (await answer.json()) as { qrcode?: string | null; msg?: string }
  }
  const picture = await eventually(async () => (await ask()).qrcode)
  const scanned = await fetch(`${control}/scan`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ qr: await readQr(picture), number }),
  })
  if (!scanned.ok) throw new Error(`the practice phone could not scan: ${await scanned.text()}`)
  await eventually(async () => (await ask()).msg === 'Device already connected!')
}

type ReadQr = (pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null

/** What a phone's camera makes of the picture. */
export async function readQr(dataUrl: string): Promise<string> {
  const png = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64')
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  // The package is CommonJS with a default export that types and Node see differently.
  const jsQr = createRequire(import.meta.url)('jsqr') as ReadQr
  const read = jsQr(new Uint8ClampedArray(data), info.width, info.height)
  if (read === null) throw new Error('no QR in the picture')
  return read.data
}
