import { once } from 'node:events'
import {
  closeSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { add, folder, notes, program, texts } from './support.ts'

const page = 4096

/** Writes rubbish over some pages in the middle of a file. */
function damage(file: string, pages: number): void {
  const middle = Math.floor(statSync(file).size / page / 2) * page
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(pages * page, 0xa5), 0, pages * page, middle)
  closeSync(handle)
}

async function filled(file: string, rows: number): Promise<void> {
  const database = notes(file)
  const long = 'x'.repeat(2_000)
  await Promise.all(Array.from({ length: rows }, (_, index) => add(database, `${index} ${long}`)))
  await database.close()
}

describe('a damaged database', () => {
  it('is set aside whole under a dated name, and a fresh one is begun', async () => {
    const path = folder()
    const file = join(path, 'notes.sqlite')
    await filled(file, 200)
    damage(file, 20)
    const content = readFileSync(file)

    const fresh = notes(file)
    expect(fresh.quarantine).toMatch(/notes\.damaged-\d{4}-\d\d-\d\dT[\d-]+Z\.sqlite$/)
    expect(readFileSync(fresh.quarantine ?? '').equals(content)).toBe(true)
    expect(texts(fresh)).toEqual([])
    await add(fresh, 'new')
    expect(fresh.health).toBe('ok')
  })

  it.each([
    ['cut short', (file: string) => truncateSync(file, 10 * page)],
    ['no database at all', (file: string) => writeFileSync(file, 'POS receipts, page 1\n'.repeat(1000))],
    [
      'without its head',
      (file: string) =>
        writeFileSync(file, Buffer.concat([Buffer.alloc(page), readFileSync(file).subarray(page)])),
    ],
  ])('is known when it is %s', async (_, harm) => {
    const file = join(folder(), 'notes.sqlite')
    await filled(file, 200)
    harm(file)
    expect(notes(file).quarantine).not.toBeNull()
  })

  it('keeps its write-ahead log, also where a kill left that behind', async () => {
    const path = folder()
    const file = join(path, 'notes.sqlite')
    const writer = program('ledger-writer.ts', file)
    await once(writer.stdout, 'data')
    writer.kill('SIGKILL')
    await once(writer, 'close')
    const log = readFileSync(`${file}-wal`)
    rmSync(file)
    expect(texts(notes(file))).toEqual([])
    const kept = readdirSync(path).find((name) => /^notes\.damaged-.*-wal$/.test(name)) ?? ''
    expect(readFileSync(join(path, kept)).equals(log)).toBe(true)
  })

  it('never lands on one that was set aside before', async () => {
    const path = folder()
    const file = join(path, 'notes.sqlite')
    const kept = new Set<string>()
    for (let time = 0; time < 3; time++) {
      writeFileSync(file, `not a database, ${time}`.repeat(1000))
      const fresh = notes(file)
      kept.add(fresh.quarantine ?? '')
      await fresh.close()
    }
    expect(kept.size).toBe(3)
    expect(readdirSync(path).filter((name) => name.includes('damaged'))).toHaveLength(3)
  })

  it('too large to be looked at whole is met in use, takes no more, and is set aside at the next start', async () => {
    const file = join(folder(), 'notes.sqlite')
    await filled(file, 6_000)
    expect(statSync(file).size).toBeGreaterThan(9 * 1024 * 1024)
    damage(file, 3)

    const database = notes(file)
    expect(database.quarantine).toBeNull()
    const cause = expect.objectContaining({ message: expect.stringContaining('malformed') })
    expect(() => texts(database)).toThrow(expect.objectContaining({ code: 'database_damaged', cause }))
    expect(database.health).toBe('damaged')
    await expect(add(database, 'lost')).rejects.toMatchObject({ code: 'database_damaged' })
    await database.close()

    const fresh = notes(file)
    expect(fresh.quarantine).not.toBeNull()
    await add(fresh, 'new')
    await fresh.close()
    expect(notes(file).quarantine).toBeNull()
  })
})
