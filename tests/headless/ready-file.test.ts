import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { removeOldReadyFile, writeReadyFile } from '../../src-main/headless/terminal/ready-file.ts'
import { temporaryFolder } from '../support/program.ts'

const ready = (pid: number) => ({ pid, api: 'http://127.0.0.1:3210', window: null })

test('what a run that is over left is removed, also where it had the same process number', () => {
  const file = join(temporaryFolder(), 'ready.json')
  for (const pid of [spawnSync(process.execPath, ['--version']).pid, process.pid]) {
    writeReadyFile(file, ready(pid))
    removeOldReadyFile(file)
    expect(existsSync(file)).toBe(false)
  }
})

test('the file of a program that runs stays, and so does what is no ready file', () => {
  const file = join(temporaryFolder(), 'ready.json')
  writeReadyFile(file, ready(process.ppid))
  removeOldReadyFile(file)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(ready(process.ppid))
  writeFileSync(file, 'dear diary')
  removeOldReadyFile(file)
  expect(readFileSync(file, 'utf8')).toBe('dear diary')
  removeOldReadyFile(join(temporaryFolder(), 'none.json'))
})
