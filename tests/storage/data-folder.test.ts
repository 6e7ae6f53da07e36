import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkDataKey } from '../../src-main/storage/data-folder/data-key-check.ts'
import { openDataFolder } from '../../src-main/storage/data-folder/data-folder.ts'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'
import { folder, program, smallDisk } from './support.ts'

describe('the data folder', () => {
  it('is made with all that leads to it, for its user only', async () => {
    const path = join(folder(), 'a', 'b')
    const opened = await openDataFolder(path, 'headless')
    expect(opened.path).toBe(path)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    await opened.release()
  })

  it('is one folder, whichever name leads to it', async () => {
    const path = join(folder(), 'data')
    const opened = await openDataFolder(path, 'headless')
    symlinkSync(path, `${path}-link`)
    await expect(openDataFolder(`${path}-link`, 'headless')).rejects.toMatchObject({
      code: 'data_folder_in_use',
    })
    await opened.release()
    const byLink = await openDataFolder(`${path}-link`, 'headless')
    expect(byLink.path).toBe(path)
    await byLink.release()
  })

  it('is refused below a file, where a file is, and where nothing can be made', async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    for (const path of [file, join(file, 'below'), '/proc/kurir']) {
      const refusal = openDataFolder(path, 'headless')
      await expect(refusal, path).rejects.toMatchObject({ code: 'data_folder_unwritable' })
      await expect(refusal).rejects.toThrow(path)
    }
  })

  it('is refused on a write-protected disk', async ({ skip }) => {
    const disk = smallDisk(256)
    if (disk === null) {
      skip('this user cannot mount a disk')
      return
    }
    execFileSync('mount', ['-o', 'remount,ro', disk])
    await expect(openDataFolder(disk, 'headless')).rejects.toMatchObject({
      code: 'data_folder_unwritable',
      message: expect.stringContaining('write-protected'),
    })
  })

  it('is refused on a full disk', async ({ skip }) => {
    const disk = smallDisk(64)
    if (disk === null) {
      skip('this user cannot mount a disk')
      return
    }
    try {
      writeFileSync(join(disk, 'filler'), Buffer.alloc(1024 * 1024))
    } catch {
      // As much as there was room for is there.
    }
    await expect(openDataFolder(disk, 'headless')).rejects.toMatchObject({ code: 'storage_full' })
  })
})

describe('the lock of a data folder', () => {
  it('names the program that holds it', async () => {
    const path = join(folder(), 'data')
    const holder = program('folder-holder.ts', path)
    await once(holder.stdout, 'data')
    await expect(openDataFolder(path, 'desktop')).rejects.toMatchObject({
      code: 'data_folder_in_use',
      message: expect.stringContaining(`(headless, process ${holder.pid})`),
    })
  })

  it.each([
    ['cannot be opened', (path: string) => mkdirSync(join(path, 'lock'))],
    ['cannot be locked', (path: string) => writeFileSync(join(path, 'lock'), 'no database'.repeat(500))],
    ['has no place for its holder’s name', (path: string) => mkdirSync(join(path, 'lock.json'))],
  ])('says so where it %s, and blames no other program', async (_what, corrupt) => {
    const path = folder()
    corrupt(path)
    const refusal = openDataFolder(path, 'headless')
    await expect(refusal).rejects.toMatchObject({ code: 'data_folder_unwritable' })
    await expect(refusal).rejects.toThrow(path)
    await expect(refusal).rejects.not.toThrow('Another Kurir')
  })

  it('dies with its holder, however that ends', async () => {
    const path = join(folder(), 'data')
    const holder = program('folder-holder.ts', path)
    await once(holder.stdout, 'data')
    holder.kill('SIGKILL')
    await once(holder, 'close')
    expect(existsSync(join(path, 'lock.json'))).toBe(true)
    await (await openDataFolder(path, 'headless')).release()
  })

  it('is free after a release, in this process too', async () => {
    const path = join(folder(), 'data')
    const first = await openDataFolder(path, 'headless')
    await expect(openDataFolder(path, 'headless')).rejects.toMatchObject({ code: 'data_folder_in_use' })
    await first.release()
    await first.release()
    await (await openDataFolder(path, 'headless')).release()
  })
})

describe('the data key of a folder', () => {
  const cipher = cipherWith(Buffer.alloc(32, 1))
  const otherSeal = cipherWith(Buffer.alloc(32, 2))

  it('is the one that sealed it first', () => {
    const path = folder()
    checkDataKey(path, cipher, 'headless')
    checkDataKey(path, cipher, 'headless')
    expect(() => checkDataKey(path, otherSeal, 'headless')).toThrow(
      expect.objectContaining({ code: 'data_key_unavailable', message: expect.stringContaining('data.key') }),
    )
    expect(statSync(join(path, 'data-key-check.json')).mode & 0o777).toBe(0o600)
  })

  it('is of the shell that sealed it, which the refusal of the other names', async () => {
    const path = folder()
    checkDataKey(path, cipher, 'desktop')
    const refusal = openDataFolder(path, 'headless')
    await expect(refusal).rejects.toMatchObject({ code: 'data_key_unavailable' })
    await expect(refusal).rejects.toThrow('encrypted by the desktop program')
    await (await openDataFolder(path, 'desktop')).release()
  })
})
