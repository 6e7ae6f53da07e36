/**
 * What ends a process of playwright's with all that it started; null where a signal does. On Windows playwright starts
 * Electron through a shell, which alone would be ended: Electron would live on and keep its folder.
 */
export function killTreeCommand(
  platform: NodeJS.Platform,
  pid: number,
): { file: string; args: string[] } | null {
  if (platform !== 'win32') return null
  return { file: 'taskkill', args: ['/pid', String(pid), '/T', '/F'] }
}
