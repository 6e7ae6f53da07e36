import { promisify } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { portHolder } from '../../src-main/ipc/port-holder.ts'

/** In place of Windows' tools: what they print, and how they were started. */
const tools = vi.hoisted(() => ({ started: [] as { file: string; windowsHide: unknown }[] }))

vi.mock('node:child_process', async (original) => {
  const actual = await original<object>()
  const printed: Record<string, string> = {
    netstat:
      '  Proto  Local Address  Foreign Address  State  PID\r\n  TCP  127.0.0.1:3210  0.0.0.0:0  LISTENING  4711\r\n',
    tasklist: '"xampp.exe","4711","Console","1","10,000 K"\r\n',
  }
  const execFile = Object.assign(() => undefined, {
    [promisify.custom]: async (file: string, _words: string[], options: { windowsHide?: boolean }) => {
      tools.started.push({ file, windowsHide: options.windowsHide })
      return { stdout: printed[file] ?? '', stderr: '' }
    },
  })
  return { ...actual, execFile }
})

const { platform } = process
afterEach(() => Object.defineProperty(process, 'platform', { value: platform }))

test('C5: on Windows a taken port is traced without a console window that flashes', async () => {
  Object.defineProperty(process, 'platform', { value: 'win32' })
  expect(await portHolder(3210)).toBe('xampp.exe')
  expect(tools.started).toEqual([
    { file: 'netstat', windowsHide: true },
    { file: 'tasklist', windowsHide: true },
  ])
})
