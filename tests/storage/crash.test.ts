import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { folder, notes, program, texts } from './support.ts'

/** Lets the writer commit some, kills it in the middle, and answers what it said was committed. */
async function writeAndKill(file: string, least: number): Promise<string[]> {
  const writer = program('ledger-writer.ts', file)
  const told: string[] = []
  const ended = once(writer, 'close')
  for await (const line of createInterface({ input: writer.stdout })) {
    told.push(line)
    if (told.length === least) writer.kill('SIGKILL')
  }
  await ended
  return told
}

describe('a program that is killed while it writes', () => {
  it('has lost nothing that it was told is written, and nothing is there by half', async () => {
    const file = join(folder(), 'notes.sqlite')
    const told: string[] = []
    for (let round = 0; round < 5; round++) told.push(...(await writeAndKill(file, 50 + round * 37)))

    const database = notes(file)
    const kept = new Set(texts(database))
    expect(told.length).toBeGreaterThan(500)
    expect(told.filter((text) => !kept.has(text) || !kept.has(`${text} second half`))).toEqual([])
    const halves = [...kept].filter((text) => !text.endsWith('half') && !kept.has(`${text} second half`))
    expect(halves).toEqual([])
    expect(database.quarantine).toBeNull()
  }, 60_000)
})
