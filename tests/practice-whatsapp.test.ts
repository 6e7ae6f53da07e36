import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { PracticeWhatsApp } from '../src-main/app/sandbox-service.ts'

test('a practice WhatsApp that could not be started can be once its reason is gone', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'kurir-practice-')), 'later')
  const practice = new PracticeWhatsApp({
    file: join(folder, 'sandbox.sqlite'),
    log: pino({ level: 'silent' }),
  })
  onTestFinished(async () => {
    await practice.stop()
    rmSync(join(folder, '..'), { recursive: true, force: true })
  })
  await expect(practice.start()).rejects.toThrow('ENOENT')
  mkdirSync(folder)
  await practice.start()
  expect(practice.sandbox).not.toBeNull()
})
