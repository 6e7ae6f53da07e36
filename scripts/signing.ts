/** What electron-builder reads to sign, by what the repository's secrets are called here. */
const ofMac: Record<string, string> = {
  MAC_CSC_LINK: 'CSC_LINK',
  MAC_CSC_KEY_PASSWORD: 'CSC_KEY_PASSWORD',
  APPLE_ID: 'APPLE_ID',
  APPLE_APP_SPECIFIC_PASSWORD: 'APPLE_APP_SPECIFIC_PASSWORD',
  APPLE_TEAM_ID: 'APPLE_TEAM_ID',
}
const ofWindows: Record<string, string> = {
  WIN_CSC_LINK: 'WIN_CSC_LINK',
  WIN_CSC_KEY_PASSWORD: 'WIN_CSC_KEY_PASSWORD',
}

export type Signing = 'signed' | 'signed, not notarized' | 'not signed'

/**
 * The environment for electron-builder. A secret that a repository does not have is an empty text, which electron-builder
 * takes for a certificate's path on macOS; so what is empty is left out. A Developer ID is no certificate for Windows, so
 * each system has its own.
 */
export function signingEnvironment(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform,
): { env: Record<string, string | undefined>; signing: Signing } {
  const names = platform === 'darwin' ? ofMac : platform === 'win32' ? ofWindows : {}
  const taken = new Set([...Object.entries(ofMac), ...Object.entries(ofWindows)].flat())
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !taken.has(name)))
  for (const [secret, name] of Object.entries(names)) {
    const value = environment[secret] ?? ''
    if (value !== '') env[name] = value
  }
  const isSigned = 'CSC_LINK' in env || 'WIN_CSC_LINK' in env
  // Without a certificate macOS would look for one in the keychain of whoever builds.
  if (!isSigned) return { env: { ...env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' }, signing: 'not signed' }
  return { env, signing: platform === 'darwin' && !('APPLE_ID' in env) ? 'signed, not notarized' : 'signed' }
}
