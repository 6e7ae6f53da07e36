import type { Application } from '../../app/app.ts'
import { firstNumber } from '../../app/sandbox-service.ts'
import type { CommandLine } from './command-line.ts'
import type { Ready } from './ready-file.ts'

/**
 * What a script that started the program needs, with the key that `--new-key` asked for, which is made here.
 * @param window address of the operator's window, where a browser can open it
 * @throws Failure key_name_taken
 */
export async function readiness(
  application: Application,
  { newKey, sandbox }: CommandLine,
  window: string | null,
): Promise<Ready> {
  const { api, keys, practice } = application
  const port = api.status.state === 'running' ? api.status.port : 0
  const ready: Ready = { pid: process.pid, api: `http://127.0.0.1:${port}`, window }
  if (newKey !== null) {
    const made = await keys.create({
      name: newKey,
      devices: { all: true },
      rights: ['send', 'read', 'manage'],
      expiresAt: null,
    })
    ready.apiKey = made.secret
  }
  if (sandbox) {
    ready.apiKey ??= await keys.sandboxSecret()
    ready.sandbox = { sender: firstNumber, control: await practice.startControl() }
  }
  return ready
}
