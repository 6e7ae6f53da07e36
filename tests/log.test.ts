import {
  renameSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LogFile } from '../src-main/lib/logging/log-file.ts'
import { openLog } from '../src-main/lib/logging/open-log.ts'

/** As many bytes as the file may have. */
const largest = 8 * 1024 * 1024

interface Line {
  msg: string
  lines?: number
}

function logFolder(): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kurir-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return { folder, file: join(folder, 'kurir.log') }
}

function open(folder: string): ReturnType<typeof openLog> {
  const kept = openLog(folder, 'info')
  onTestFinished(() => kept.close())
  return kept
}

function sentences(file: string): string[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.map((line) => (JSON.parse(line) as Line).msg)
}

describe('a log whose disk takes nothing', () => {
  it.skipIf(!existsSync('/dev/full'))('throws at nobody, and goes on when there is room', () => {
    const { folder, file } = logFolder()
    symlinkSync('/dev/full', file)
    const { log } = open(folder)
    for (const sentence of ['one', 'two', 'three']) log.error(sentence)
    log.fatal('four')
    unlinkSync(file)
    log.info('there is room')
    expect(sentences(file)).toEqual(['one', 'two', 'three', 'four', 'there is room'])
  })

  it('opens nevertheless, and writes once its file can be made', () => {
    const { folder, file } = logFolder()
    mkdirSync(file)
    const { log } = open(folder)
    log.info('while a folder is in the way')
    rmSync(file, { recursive: true })
    log.info('after')
    expect(sentences(file)).toEqual(['while a folder is in the way', 'after'])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('holds the first of the lines only, and says how many are missing', () => {
    const { folder, file } = logFolder()
    mkdirSync(file)
    const { log } = open(folder)
    const tried = 20_000
    for (let count = 0; count < tried; count++) log.info(`line ${count}`)
    rmSync(file, { recursive: true })
    log.info('after')
    log.info('the last')
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    expect(statSync(file).size).toBeLessThan(300 * 1024)
    const [first, ...others] = lines.map((line) => JSON.parse(line) as Line)
    const [gap, last] = others.slice(-2)
    expect(first?.msg).toBe('line 0')
    expect(gap?.msg).toContain('missing')
    // "after" was counted too: it came before there was room to hold it.
    expect((gap?.lines ?? 0) + lines.length - 2).toBe(tried + 1)
    expect(last?.msg).toBe('the last')
  })
})

describe('a log that has grown large', () => {
  it('is begun anew while the program runs; the older file is kept, once', () => {
    const { folder, file } = logFolder()
    writeFileSync(`${file}.1`, 'the oldest')
    writeFileSync(file, `${'{}'.padEnd(largest - 100)}\n`)
    const { log } = open(folder)
    for (let count = 1; count <= 10; count++) log.info(`line ${count}`)
    const older = readFileSync(`${file}.1`, 'utf8')
    expect(older).not.toContain('the oldest')
    expect(older.length).toBeLessThan(largest + 1024)
    expect(older).toContain('line 1"')
    const all = older.trimEnd().split('\n').slice(1).concat(readFileSync(file, 'utf8').trimEnd().split('\n'))
    const told = all.map((line) => (JSON.parse(line) as Line).msg)
    expect(told).toEqual(Array.from({ length: 10 }, (_, index) => `line ${index + 1}`))
    expect(statSync(file).size).toBeLessThan(1024)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('is begun anew again and again, however long the program runs', () => {
    const { folder, file } = logFolder()
    const { log } = open(folder)
    const part = 'word '.repeat(20_000)
    for (let written = 0; written < 3.5 * largest; written += part.length) log.info({ part }, 'long')
    const sizes = [file, `${file}.1`].map((path) => statSync(path).size)
    for (const size of sizes) expect(size).toBeLessThan(largest + 2 * part.length)
    expect(existsSync(`${file}.2`)).toBe(false)
  })

  it('stays one file as long as the older one is in the way', () => {
    const { folder, file } = logFolder()
    mkdirSync(join(`${file}.1`, 'in the way'), { recursive: true })
    writeFileSync(file, `${'{}'.padEnd(largest)}\n`)
    const { log } = open(folder)
    log.info('one')
    log.info('two')
    expect(sentences(file).slice(1)).toEqual(['one', 'two'])
  })
})

it('takes no line once it is closed, and throws at nobody who tries', () => {
  const { folder, file } = logFolder()
  const kept = open(folder)
  kept.log.info('before')
  kept.close()
  kept.log.info('after')
  kept.close()
  expect(sentences(file)).toEqual(['before'])
})

it.each([
  ['removed', (file: string) => rmSync(file)],
  ['renamed, as programs do that rotate logs', (file: string) => renameSync(file, `${file}.old`)],
])('is begun anew where it was %s', async (_how, take) => {
  const { file } = logFolder()
  const log = new LogFile(file, 20)
  log.write('{"msg":"before"}\n')
  take(file)
  await expect.poll(() => existsSync(file)).toBe(true)
  log.write('{"msg":"after"}\n')
  log.close()
  expect(sentences(file)).toEqual(['after'])
})
