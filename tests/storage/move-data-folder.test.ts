import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockFolder } from '../../src-main/storage/data-folder/folder-lock.ts'
import {
  dataFolderInUse,
  moveDataFolder,
  type SettledFolder,
} from '../../src-main/storage/data-folder/move-data-folder.ts'

/** Another disk than the one of temporary files, where there is one. */
const otherDisk = '/dev/shm'
const hasOtherDisk = isOtherDisk()

function isOtherDisk(): boolean {
  try {
    accessSync(otherDisk, constants.W_OK)
    return statSync(otherDisk).dev !== statSync(tmpdir()).dev
  } catch {
    return false
  }
}

let roots: string[] = []
let wanted = ''
let earlier = ''

beforeEach(() => {
  roots = [mkdtempSync(join(tmpdir(), 'kurir-move-'))]
  ;[wanted, earlier] = ['Local', 'Roaming'].map((name) => join(roots[0] ?? '', name, 'Kurir')) as [
    string,
    string,
  ]
  for (const folder of [wanted, earlier]) mkdirSync(join(folder, '..'))
})

afterEach(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
})

/** A folder as a program that was killed leaves it: what was written last is in the write-ahead log only. */
function keepData(folder = earlier, rows = 200): void {
  mkdirSync(join(folder, 'browser'), { recursive: true })
  const script = `
    const { DatabaseSync } = require('node:sqlite')
    const database = new DatabaseSync(${JSON.stringify(join(folder, 'kurir.sqlite'))})
    database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE rows (text TEXT)')
    const insert = database.prepare('INSERT INTO rows VALUES (?)')
    for (let row = 0; row < ${rows}; row += 1) insert.run('x'.repeat(2_000) + row)
    process.kill(process.pid, 'SIGKILL')`
  spawnSync(process.execPath, ['-e', script])
  for (const [name, text] of Object.entries(others)) writeFileSync(join(folder, name), text)
}

const others = {
  'settings.json': '{"api.port":3333}',
  'data-key.sealed': 'sealed',
  [join('browser', 'Local State')]: '{"os_crypt":{}}',
}

/** Everything that keepData() left, read where a program would look for it. */
function dataIn(folder: string): { rows: number; others: Record<string, string> } {
  const database = new DatabaseSync(join(folder, 'kurir.sqlite'))
  const { rows } = database.prepare('SELECT count(*) AS rows FROM rows').get() as { rows: number }
  database.close()
  const texts = Object.keys(others).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
  return { rows, others: Object.fromEntries(texts) }
}

const move = (): SettledFolder => moveDataFolder(wanted, earlier, 'desktop')
const moved = (): SettledFolder => ({ folder: wanted, staysBecause: null })

describe('D7: the data of earlier versions', () => {
  test('are moved once, whole, and what was in the way as an empty folder is not', () => {
    keepData()
    mkdirSync(wanted)
    expect(move()).toEqual(moved())
    expect(existsSync(earlier)).toBe(false)
    expect(dataIn(wanted)).toEqual({ rows: 200, others })
    expect(move()).toEqual(moved())
    expect(dataIn(wanted)).toEqual({ rows: 200, others })
  })

  test('are found where they are by an installer that has the program quit, and nothing is made or moved', () => {
    expect(dataFolderInUse(wanted, earlier)).toBe(wanted)
    keepData()
    expect(dataFolderInUse(wanted, earlier)).toBe(earlier)
    expect(existsSync(wanted)).toBe(false)
    expect(move()).toEqual(moved())
    expect(dataFolderInUse(wanted, earlier)).toBe(wanted)
  })

  test('are nothing that is moved where there are none', () => {
    expect(move()).toEqual(moved())
    mkdirSync(earlier)
    writeFileSync(join(earlier, 'notes.txt'), 'of somebody else')
    expect(move()).toEqual(moved())
    expect([existsSync(wanted), readdirSync(earlier)]).toEqual([false, ['notes.txt']])
  })

  test('stay where they are, and are used there, while another program uses them', () => {
    keepData()
    const lock = lockFolder(earlier, 'headless')
    const settled = move()
    lock.release()
    expect(settled).toEqual({
      folder: earlier,
      staysBecause: expect.stringContaining('uses this data folder') as string,
    })
    expect(existsSync(wanted)).toBe(false)
    expect(move()).toEqual(moved())
  })

  test('stay where they are, and are used there, where there is something in the new place', () => {
    keepData()
    mkdirSync(wanted)
    writeFileSync(join(wanted, 'kurir.log'), 'of a start that failed')
    expect(move().folder).toBe(earlier)
    expect(dataIn(earlier)).toEqual({ rows: 200, others })
    expect(readdirSync(wanted)).toEqual(['kurir.log'])
  })

  test('are left alone where the new place has a database of its own, which is the one in use', () => {
    keepData()
    keepData(wanted, 3)
    expect(move()).toEqual(moved())
    expect(dataIn(wanted).rows).toBe(3)
    expect(dataIn(earlier)).toEqual({ rows: 200, others })
  })

  test.skipIf(process.platform === 'win32')(
    'stay where a link leads, which somebody has made for a reason',
    () => {
      const real = join(roots[0] ?? '', 'server')
      keepData(real)
      symlinkSync(real, earlier)
      expect(move().folder).toBe(earlier)
      expect(dataIn(real)).toEqual({ rows: 200, others })
    },
  )
})

describe.runIf(hasOtherDisk)(
  'D7: the data of earlier versions on another disk, such as a roaming folder on a server',
  () => {
    beforeEach(() => {
      const server = mkdtempSync(join(otherDisk, 'kurir-move-'))
      roots.push(server)
      earlier = join(server, 'Kurir')
    })

    const names = (): string[] => readdirSync(join(earlier, '..')).filter((name) => name.startsWith('Kurir'))

    test('are copied whole, and what they were copied from is kept under a name that no program opens', () => {
      keepData()
      expect(move()).toEqual(moved())
      expect(dataIn(wanted)).toEqual({ rows: 200, others })
      const [kept = '', ...more] = names()
      expect([kept, more]).toEqual([expect.stringMatching(/^Kurir\.moved-\d{4}-\d\d-\d\d$/), []])
      expect(dataIn(join(earlier, '..', kept))).toEqual({ rows: 200, others })
      expect(existsSync(join(wanted, 'moved-from.json'))).toBe(false)
    })

    test('stay where they are, and are used there, where anything among them is no file', () => {
      keepData()
      symlinkSync('/nowhere', join(earlier, 'link'))
      const { folder, staysBecause } = move()
      expect([folder, staysBecause]).toEqual([
        earlier,
        expect.stringContaining('neither a file nor a folder'),
      ])
      expect(readdirSync(join(wanted, '..'))).toEqual([])
      expect(dataIn(earlier)).toEqual({ rows: 200, others })
    })

    test(
      'are whole in one place after a kill at any moment, and the next start ends the move',
      { timeout: 300_000 },
      () => {
        const original = join(roots[0] ?? '', 'original')
        keepData(original)
        const killedAt: number[] = []
        for (let change = 1; ; change += 1) {
          for (const name of names()) rmSync(join(earlier, '..', name), { recursive: true })
          rmSync(wanted, { recursive: true, force: true })
          cpSync(original, earlier, { recursive: true, preserveTimestamps: true })
          const mover = join(import.meta.dirname, 'folder-mover.ts')
          const run = spawnSync(process.execPath, [mover, wanted, earlier, String(change)], {
            encoding: 'utf8',
          })
          if (run.signal === null) {
            expect(Number(run.stdout)).toBe(change - 1)
            break
          }
          killedAt.push(change)
          // What a program would open now, looked at in a copy: opening it would end what the kill left.
          const look = join(roots[0] ?? '', `look-${change}`)
          cpSync(existsSync(join(wanted, 'kurir.sqlite')) ? wanted : earlier, look, { recursive: true })
          expect(dataIn(look)).toEqual({ rows: 200, others })
          expect(move()).toEqual(moved())
          expect(existsSync(earlier)).toBe(false)
          expect(existsSync(`${wanted}.moving`)).toBe(false)
          expect(dataIn(wanted)).toEqual({ rows: 200, others })
        }
        expect(killedAt.length).toBeGreaterThan(15)
      },
    )
  },
)
