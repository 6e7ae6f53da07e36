import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'kurir-output-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  stdout: string
  stderr: string
  log: string
  /** Every secret that the program held, in hex and base64. */
  secrets: string[]
}

/** Runs a whole exchange in a process of its own and gathers all that it wrote, and all that it held. */
async function run(mode: 'captured' | 'bare'): Promise<Run> {
  const program = join(import.meta.dirname, 'chatty-session.ts')
  const files = { log: join(folder, `${mode}.log`), secrets: join(folder, `${mode}.secrets`) }
  const child = spawn(process.execPath, [program, mode, files.log, files.secrets], { stdio: 'pipe' })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (part: Buffer) => (output.stdout += part.toString()))
  child.stderr.on('data', (part: Buffer) => (output.stderr += part.toString()))
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`the exchange failed:\n${output.stdout}${output.stderr}`)
  const secrets = JSON.parse(readFileSync(files.secrets, 'utf8')) as string[]
  return { ...output, log: readFileSync(files.log, 'utf8'), secrets }
}

/** Which secrets can be found in a text, in any form in which a console would print them. */
function found(text: string, secrets: readonly string[]): string[] {
  const plain = text.replaceAll(/[\s,"'[\]]/g, '')
  return secrets.filter((secret) => plain.includes(secret))
}

describe('what Baileys and libsignal print', () => {
  it('never reaches the console or the log, at any level', async () => {
    const { stdout, stderr, log, secrets } = await run('captured')
    expect(secrets.length).toBeGreaterThan(20)
    expect(found(stdout + stderr + log, secrets)).toEqual([])
    expect(stdout + stderr).not.toMatch(/session|Session|SessionEntry|<Buffer/)
    expect(log).toContain('a library printed something')
    expect(log).not.toMatch(/62812\d{5,}|62855\d{5,}/)
  }, 60_000)

  it('holds private keys, where nobody captures it', async () => {
    const { stdout, stderr, secrets } = await run('bare')
    expect(found(stdout + stderr, secrets).length).toBeGreaterThan(0)
  }, 60_000)
})
