import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { readCommandLine } from '../../src-main/headless/command-line.ts'

afterEach(() => vi.unstubAllEnvs())

const variable = process.platform === 'win32' ? 'APPDATA' : 'XDG_CONFIG_HOME'

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
