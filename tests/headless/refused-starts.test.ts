import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { runProgram, startProgram, temporaryFolder } from '../support/program.ts'

/** Runs a start that is to fail: one line that a person understands, a stable code, exit code 1. */
async function refusal(words: string[]): Promise<string> {
  const run = runProgram(['--headless', '--port', '0', ...words])
  expect(await run.ended()).toBe(1)
  const output = run.output()
  expect(output).toMatch(/^Kurir/)
  expect(output).not.toMatch(/^\s+at /m)
  return output
}

test.each([
  [['--port', 'eighty'], 'option_invalid'],
  [['--port', '70000'], 'option_invalid'],
  [['--unheard-of'], 'option_invalid'],
  [['stray'], 'option_invalid'],
  [['--ready-file', ''], 'option_invalid'],
  [['--new-key='], 'option_invalid'],
  [['--new-key', ' '], 'option_invalid'],
  [['--new-key', 'x'.repeat(101)], 'option_invalid'],
  [['--setting', 'pace'], 'option_invalid'],
  [['--setting', 'no.such=1'], 'setting_unknown'],
  [['--setting', 'pace=fast'], 'setting_invalid'],
  [['--whatsapp-url', 'http://127.0.0.1/'], 'option_invalid'],
  [['--extra-ca', '/no/such/file.pem'], 'option_invalid'],
  [['--pair', 'not a number'], 'number_invalid'],
])('refuses %j with %s', async (words, code) => {
  expect(await refusal(['--data-dir', join(temporaryFolder(), 'data'), ...words])).toContain(`(${code})`)
})

test('refuses an empty name of a folder instead of filling the current one', async () => {
  expect(await refusal(['--data-dir', ''])).toContain('--data-dir is empty')
})

test('refuses a folder that cannot be written, and leaves nothing there', async () => {
  const file = join(temporaryFolder(), 'a-file')
  writeFileSync(file, '')
  expect(await refusal(['--data-dir', join(file, 'data')])).toContain('(data_folder_unwritable)')
})

test('refuses a port that another program has, names it and another one, and the option that takes it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  try {
    const output = await refusal(['--data-dir', join(temporaryFolder(), 'data'), '--port', String(port)])
    expect(output).toContain('(port_taken)')
    expect(output).toContain(`has port ${port}`)
    expect(output).toMatch(/--port\..* Port \d+ is free\./)
    if (process.platform === 'linux') expect(output).toContain('The program is ')
  } finally {
    other.close()
  }
})

test('refuses a folder that another Kurir uses, naming its process, and starts once that one was killed', async () => {
  const first = await startProgram()
  const output = await refusal(['--data-dir', join(first.folder, 'data')])
  expect(output).toContain('(data_folder_in_use)')
  expect(output).toContain(String(first.process.pid))
  await first.kill()
  const next = await startProgram({ folder: first.folder })
  expect(await next.stop()).toBe(0)
})

test('refuses a database of a newer version and leaves it as it was', async () => {
  const folder = temporaryFolder()
  const first = await startProgram({ folder })
  await first.stop()
  const file = join(folder, 'data', 'kurir.sqlite')
  const database = new DatabaseSync(file)
  const table = database.prepare(`SELECT name FROM sqlite_master WHERE name LIKE '%migration%'`).get()
  database.exec(
    `INSERT INTO "${String(table?.['name'])}" (number, name, applied_at) VALUES (999, 'later', 0)`,
  )
  database.close()
  expect(await refusal(['--data-dir', join(folder, 'data')])).toContain('(database_newer)')
  expect(readdirSync(join(folder, 'data')).filter((name) => name.includes('damaged'))).toEqual([])
})

test('refuses a folder that the desktop sealed, and makes no key of its own there', async () => {
  const data = join(temporaryFolder(), 'data')
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(join(data, 'data-key-check.json'), JSON.stringify({ shell: 'desktop', sealed: 'AAAA' }))
  expect(await refusal(['--data-dir', data])).toContain('(data_key_unavailable)')
  expect(existsSync(join(data, 'data.key'))).toBe(false)
})

test('refuses a name that a key has already', async () => {
  const first = await startProgram({ args: ['--new-key', 'cashier'] })
  expect(first.ready.apiKey).toMatch(/^kurir_/)
  await first.stop()
  expect(await refusal(['--data-dir', join(first.folder, 'data'), '--new-key', 'cashier'])).toContain(
    '(key_name_taken)',
  )
})
