/**
 * Plain Chromium cannot navigate to app://, but a page at a made-up https address that is answered by routing
 * works the same, CSP and secure context included. Both ways between the two:
 */
const made = 'https://'
const ending = '.stand-in.test'

/** app://kurir/index.html → https://kurir.stand-in.test/index.html */
export function shownAddress(address: string): string {
  const url = new URL(address)
  return url.protocol === 'app:'
    ? `${made}${url.host}${ending}${url.pathname}${url.search}${url.hash}`
    : address
}

/** The address as the program knows it. */
export function programAddress(address: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  if (!url.host.endsWith(ending)) return address
  return `app://${url.host.slice(0, -ending.length)}${url.pathname}${url.search}${url.hash}`
}

export const shownPattern = `**://*${ending}/**`
