import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { readCommandLine } from '../../src-main/headless/terminal/command-line.ts'

afterEach(() => vi.unstubAllEnvs())

const variable = process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CONFIG_HOME'

test.skipIf(process.platform === 'darwin')('the data folder is where the platform keeps such folders', () => {
  vi.stubEnv(variable, join(homedir(), 'elsewhere'))
  expect(readCommandLine([], {}).dataFolder).toBe(join(homedir(), 'elsewhere', 'Kurir'))
})

test.skipIf(process.platform === 'darwin').each(['', 'config'])(
  'a place that is set to “%s” does not put the data where the program was started',
  (place) => {
    vi.stubEnv(variable, undefined)
    const usual = readCommandLine([], {}).dataFolder
    vi.stubEnv(variable, place)
    expect(readCommandLine([], {}).dataFolder).toBe(usual)
  },
)

test('a wrong address of WhatsApp is said of what holds it, the option or the variable', () => {
  expect(() => readCommandLine(['--whatsapp-url', 'http://x'], {})).toThrow('--whatsapp-url takes')
  expect(() => readCommandLine([], { KURIR_WHATSAPP_URL: 'http://x' })).toThrow('KURIR_WHATSAPP_URL takes')
})
