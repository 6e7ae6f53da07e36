import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { expect, test } from 'vitest'
import config from '../../../electron.vite.config.ts'

const here = import.meta.dirname
const conversion = resolve(here, '../../../src-main/media/audio/audio-conversion.ts')

/** Bundles the module and its worker with the very options that the program is built with. */
async function bundle(folder: string): Promise<void> {
  const { main } = config as {
    main: { build: { rollupOptions: { input: Record<string, string>; external: string[]; output: object } } }
  }
  const { input, external, output } = main.build.rollupOptions
  const worker = input['audio-worker'] ?? ''
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      rollupOptions: {
        input: { conversion, 'audio-worker': worker },
        external,
        output: { ...output, format: 'es' },
      },
    },
  })
}

test('the worker is found and does its work when the program is bundled', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kurir-bundle-'))
  try {
    await bundle(folder)
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    const job = {
      from: join(here, '../fixtures/voice.m4a'),
      to: join(folder, 'note.ogg'),
      format: 'm4a',
      shape: 'voice',
    }
    const script = `import { convertSound } from './conversion.js'
      const { seconds, waveform } = await convertSound(${JSON.stringify(job)}, new AbortController().signal)
      console.log(Math.round(seconds), waveform.length)`
    await writeFile(join(folder, 'run.js'), script)
    const program = spawn(process.execPath, ['run.js'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    program.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const [code] = (await once(program, 'close')) as [number]
    expect({ code, said: said.trim() }).toEqual({ code: 0, said: '3 64' })
    expect((await readFile(job.to)).toString('latin1', 0, 4)).toBe('OggS')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 120_000)
