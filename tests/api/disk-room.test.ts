import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FileSystemSpace } from '../../src-main/storage/data-folder/disk-space.ts'
import { programStatus } from '../../src-main/ipc/calls/program-calls.ts'
import { makePdf } from '../media/files/office-files.ts'
import { recipient, sender, startReal, type RealApplication } from './real-application.ts'

const gibibyte = 1024 ** 3
const plenty = { freeBytes: 100 * gibibyte, totalBytes: 200 * gibibyte }

let space: FileSystemSpace | null = plenty
let real: RealApplication
beforeAll(async () => {
  real = await startReal({}, { readSpace: () => space })
})
afterAll(() => real.stop())
beforeEach(() => become(plenty))

/** What the system says holds for a second. */
async function become(next: FileSystemSpace | null): Promise<void> {
  space = next
  await expect
    .poll(() => real.application.disk.freeBytes, { timeout: 3_000 })
    .toBe(next?.freeBytes ?? Infinity)
}

async function sendText(): Promise<{ status: boolean; code?: string; msg?: string }> {
  const body = JSON.stringify({
    api_key: real.key,
    sender,
    number: recipient,
    message: `Halo ${Math.random()}`,
  })
  const response = await fetch(`${real.url}/send-message`, { method: 'POST', body })
  return (await response.json()) as { status: boolean; code?: string; msg?: string }
}

async function sendFile(bytes: number): Promise<{ status: boolean; code?: string; msg?: string }> {
  const form = new FormData()
  for (const [name, value] of Object.entries({ sender, number: recipient, media_type: 'document' })) {
    form.append(name, value)
  }
  form.append('file', new Blob([Uint8Array.from(makePdf()), new Uint8Array(bytes)]), 'nota.pdf')
  const headers = { 'X-API-Key': real.key }
  const response = await fetch(`${real.url}/send-media`, { method: 'POST', headers, body: form })
  return (await response.json()) as { status: boolean; code?: string; msg?: string }
}

const temporary = () => readdir(join(real.folder, 'temporary'))

test('with less than 1 GiB free no text and no file is taken in, the operator is told, and it ends by itself', async () => {
  await become({ freeBytes: gibibyte - 1, totalBytes: 200 * gibibyte })
  const refused = {
    status: false,
    code: 'storage_full',
    msg: 'Less than 1.0 GiB of the disk is free: no new messages are accepted. Free up disk space.',
  }
  expect(await sendText()).toMatchObject(refused)
  expect(await sendFile(1_000)).toMatchObject(refused)
  expect(await temporary()).toEqual([])
  expect(programStatus(real.application).storage).toBe('full')
  await become(plenty)
  expect(programStatus(real.application).storage).toBe('ok')
  expect(await sendText()).toMatchObject({ status: true })
})

test('files on their way take a fifth of the free disk at most, and one too many leaves nothing', async () => {
  await become({ freeBytes: 50 * 1024 ** 2, totalBytes: 400 * 1024 ** 2 })
  expect(await sendFile(1_000)).toMatchObject({ status: true })
  expect(await sendFile(20 * 1024 ** 2)).toMatchObject({ status: false, code: 'queue_full' })
  expect(await temporary()).toEqual([])
})

test('where the file system does not know its space, everything is taken in', async () => {
  await become(null)
  expect(await sendText()).toMatchObject({ status: true })
  expect(await sendFile(1_000)).toMatchObject({ status: true })
})
