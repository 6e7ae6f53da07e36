import { delimiter } from 'node:path'

type Environment = Record<string, string | undefined>

/** Variables that name this run of an AppImage (https://docs.appimage.org/packaging-guide/environment-variables.html). */
const ofThisRun = new Set(['APPIMAGE', 'APPDIR', 'ARGV0', 'OWD'])
/** Lists of folders in front of which electron-builder's AppRun puts those of the mount. */
const lists = new Set(['PATH', 'LD_LIBRARY_PATH', 'XDG_DATA_DIRS', 'GSETTINGS_SCHEMA_DIR'])

/**
 * The environment for a program of the system, or for another start: without what points into the AppImage's mount,
 * which is gone once this program has ended, and whose libraries are not those of the system.
 */
export function outsideAppImage(environment: Environment): Environment {
  const mount = environment['APPDIR'] ?? ''
  const outside: Environment = {}
  for (const [name, value = ''] of Object.entries(environment)) {
    const kept = mount !== '' && lists.has(name) ? withoutMount(value, mount) : value
    if (!ofThisRun.has(name) && (kept !== '' || value === '')) outside[name] = kept
  }
  return outside
}

function withoutMount(list: string, mount: string): string {
  return list
    .split(delimiter)
    .filter((folder) => folder !== mount && !folder.startsWith(`${mount}/`))
    .join(delimiter)
}
