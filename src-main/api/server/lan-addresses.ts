import { hostname, networkInterfaces } from 'node:os'

/**
 * Addresses of this PC that LAN access binds: those that the operator chose, else every private one.
 *
 * @param chosen the setting api.lanAddresses
 */
export function lanAddresses(chosen: readonly string[]): string[] {
  if (chosen.length > 0) return [...chosen]
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && isPrivate(address.address))
    .map((address) => address.address)
}

/** Whether this PC has the address now. */
export function isHere(address: string): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === address))
}

/** What callers on the LAN name this PC by, for the Host allow-list: its addresses and its own name. */
export function lanNames(addresses: readonly string[]): string[] {
  const name = hostname().toLowerCase()
  return [...addresses.map(inAddressBar), name, `${name}.local`]
}

/** An address as it stands in a URL. */
export function inAddressBar(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

// RFC 1918, and unique local addresses of RFC 4193. Link-local ones need a zone, which URLs cannot carry.
function isPrivate(address: string): boolean {
  return (
    address.startsWith('10.') ||
    address.startsWith('192.168.') ||
    /^172\.(1[6-9]|2\d|3[01])\./.test(address) ||
    /^f[cd][\da-f]{2}:/i.test(address)
  )
}
