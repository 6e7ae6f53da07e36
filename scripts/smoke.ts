/**
 * Tries an installed Kurir as a person would at first: starts it, sends one message with the practice WhatsApp through its
 * API, has a picture of the screen taken, and quits it. Needs nothing but Node 24.
 *
 *   node scripts/smoke.ts [--screenshot COMMAND] [--sandboxed] [--] PROGRAM [words for it …]
 *
 * --screenshot: taken while the program runs, by a shell
 * --sandboxed: on Linux, the window's process must be confined by the kernel
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  options: { screenshot: { type: 'string' }, sandboxed: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [program = '', ...words] = positionals
const folder = mkdtempSync(join(tmpdir(), 'kurir-smoke-'))
const readyFile = join(folder, 'ready.json')
const own = ['--data-dir', join(folder, 'data')]

const running = spawn(program, [...words, ...own, '--port', '0', '--sandbox', '--ready-file', readyFile], {
  stdio: 'inherit',
})
const ended = new Promise<number | null>((resolve) => {
  running.once('exit', resolve)
  running.once('error', (error) => {
    console.error(error)
    resolve(null)
  })
})
let hasEnded = false
void ended.then(() => {
  hasEnded = true
})

await until('the program to be ready', 120, () => existsSync(readyFile))
await sendOne()
if (values.sandboxed) await until('a window whose process is confined', 60, hasConfinedWindow)
if (values.screenshot !== undefined) {
  // A window is drawn some time after it is there.
  await pause(5_000)
  const taken = spawnSync(values.screenshot, { shell: true, stdio: 'inherit' })
  if (taken.status !== 0) fail('The picture of the screen could not be taken.')
}
spawnSync(program, [...words, ...own, '--quit'], { stdio: 'inherit', timeout: 30_000 })
const code = await Promise.race([ended, pause(40_000, 'still running' as const)])
if (code !== 0) fail(`Quitting ended with ${String(code)}.`)
rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
console.log('Started, sent, and quit.')
process.exit(0)

async function sendOne(): Promise<void> {
  const { api, apiKey, sandbox } = JSON.parse(readFileSync(readyFile, 'utf8')) as {
    api: string
    apiKey: string
    sandbox: { sender: string }
  }
  const response = await fetch(`${api}/send-message`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      api_key: apiKey,
      sender: sandbox.sender,
      number: '6285500000500',
      message: 'Hello from a package',
    }),
  })
  const answer = (await response.json()) as { status?: boolean }
  if (answer.status !== true) fail(`The message was not sent: ${JSON.stringify(answer)}`)
}

/** A page's process has seccomp's filter (2) where Chromium's sandbox works: proc_pid_status(5). */
function hasConfinedWindow(): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((id) => {
      const command = textOf(`/proc/${id}/cmdline`)
      const isWindow = command.includes('--type=renderer')
      return isWindow && /^Seccomp:\s*2$/m.test(textOf(`/proc/${id}/status`))
    })
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

async function until(what: string, seconds: number, test: () => boolean): Promise<void> {
  for (let waited = 0; !test(); waited += 0.25) {
    if (hasEnded) fail(`The program ended while waiting for ${what}.`)
    if (waited > seconds) fail(`Waited in vain for ${what}.`)
    await pause(250)
  }
}

function fail(sentence: string): never {
  console.error(sentence)
  running.kill()
  process.exit(1)
}
