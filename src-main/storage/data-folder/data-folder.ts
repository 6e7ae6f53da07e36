import { existsSync, mkdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Failure, isDiskFull, systemCodeOf } from '../../lib/failure.ts'
import { refuseOtherHost } from './data-key-check.ts'
import { lockFolder } from './folder-lock.ts'
import { finishRestore } from '../backup/finish-restore.ts'

/** The two programs that can have a data folder open. */
export type HostPlatform = 'desktop' | 'headless'

export interface DataFolder {
  /** Absolute, symbolic links resolved. */
  readonly path: string
  /** Where the database was kept that a restored backup has just replaced; null where none was restored. */
  readonly replaced: string | null
  /** Lets the next program in. */
  release(): Promise<void>
}

/**
 * Makes the folder (0700) where it is not there and takes it for this process alone; the lock dies with the
 * process, however that ends.
 *
 * Throws Failure `data_folder_unwritable`, `storage_full`, `data_folder_in_use` (naming who has it), and
 * `data_key_unavailable` where the other shell sealed what is in it.
 */
export async function openDataFolder(path: string, shell: HostPlatform): Promise<DataFolder> {
  const folder = makeFolder(resolve(path))
  const lock = lockFolder(folder, shell)
  try {
    refuseOtherHost(folder, shell)
    return { path: folder, replaced: finishRestore(folder), release: async () => lock.release() }
  } catch (error) {
    lock.release()
    throw error
  }
}

function makeFolder(path: string): string {
  try {
    makePath(path)
    const folder = realpathSync(path)
    refuseForeignOwner(folder)
    tryWriting(folder)
    return folder
  } catch (error) {
    if (error instanceof Failure) throw error
    throw unwritable(path, error)
  }
}

/** Whoever owns the folder can put any file in place of ours. Windows has no such owners. */
function refuseForeignOwner(folder: string): void {
  const own = process.geteuid?.()
  const { uid } = statSync(folder)
  if (own === undefined || uid === own) return
  throw new Failure(
    'data_folder_unwritable',
    `The data folder ${folder} belongs to another user (${uid}), who could read and replace what is in it. Choose another folder with --data-dir, run Kurir as that user, or make the folder this user's: chown -R ${own} '${folder}'.`,
  )
}

/** Who besides its owner may look into the folder; null where nobody may, and on Windows, which has no such modes. */
export function othersWithAccess(folder: string): 'group' | 'everybody' | null {
  if (process.platform === 'win32') return null
  const { mode } = statSync(folder)
  if ((mode & 0o007) !== 0) return 'everybody'
  return (mode & 0o070) === 0 ? null : 'group'
}

/** Not mkdir's own `recursive`: Node 24 never comes back from it below /proc, where a parent is there but takes nothing. */
function makePath(path: string): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) makePath(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

/** Permissions do not tell: a read-only disk and a full one look writable. */
function tryWriting(folder: string): void {
  const file = join(folder, `.writable-${process.pid}`)
  try {
    writeFileSync(file, 'x', { mode: 0o600, flush: true })
  } finally {
    rmSync(file, { force: true })
  }
}

const reasons: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is write-protected',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'there is a file of that name',
  ENAMETOOLONG: 'the path is too long',
}

function unwritable(path: string, cause: unknown): Failure {
  const code = systemCodeOf(cause)
  if (isDiskFull(cause)) {
    return new Failure(
      'storage_full',
      `The disk of the data folder ${path} is full. Free some space on it.`,
      {
        cause,
      },
    )
  }
  const reason = reasons[code] ?? (code === '' ? 'it cannot be used' : code)
  return new Failure(
    'data_folder_unwritable',
    `The data folder ${path} cannot be written: ${reason}. Choose another folder with --data-dir, or change its permissions.`,
    { cause },
  )
}
