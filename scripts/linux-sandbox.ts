import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where Linux says whether programs may make user namespaces, each with the value that forbids it. */
const limits = [
  // Ubuntu 23.10 and later: only programs with an AppArmor profile may.
  { file: 'proc/sys/kernel/apparmor_restrict_unprivileged_userns', forbids: '1' },
  // Debian.
  { file: 'proc/sys/kernel/unprivileged_userns_clone', forbids: '0' },
  { file: 'proc/sys/user/max_user_namespaces', forbids: '0' },
]

/**
 * Why Electron's sandbox cannot be set up for an unpackaged Electron, as the beginning of a sentence; null where it can.
 * Electron would end with "The SUID sandbox helper binary was found, but is not configured correctly"
 * (https://github.com/electron/electron/issues/42510). Installed packages do not come here: the deb brings a profile.
 *
 * @param binary Electron's executable
 * @param root of the file system; another one in tests
 */
export function obstacleToSandbox(
  binary: string,
  { root = '/', uid = process.getuid?.() }: { root?: string; uid?: number | undefined } = {},
): string | null {
  if (uid === 0) return 'Electron does not run as root with its sandbox. For now'
  if (mayMakeNamespaces(root) || hasProfile(binary, root)) return null
  const helper = join(dirname(binary), 'chrome-sandbox')
  if (isSetUpForRoot(helper)) return null
  return (
    'This Linux does not let Electron set up its sandbox. To allow it, run\n\n' +
    `  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'\n\n` +
    'and start again. For now'
  )
}

function mayMakeNamespaces(root: string): boolean {
  return limits.every(({ file, forbids }) => textOf(join(root, file)).trim() !== forbids)
}

/** Whether an AppArmor profile names that very program, and lets it make namespaces. */
function hasProfile(binary: string, root: string): boolean {
  const folder = join(root, 'etc', 'apparmor.d')
  return namesIn(folder).some((name) => {
    const text = textOf(join(folder, name))
    return text.includes(binary) && /^\s*userns\b/m.test(text)
  })
}

/** The helper of the time before user namespaces: it must belong to root and run as root. */
function isSetUpForRoot(helper: string): boolean {
  const found = statSync(helper, { throwIfNoEntry: false })
  return found !== undefined && found.uid === 0 && (found.mode & 0o7777) === 0o4755
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
