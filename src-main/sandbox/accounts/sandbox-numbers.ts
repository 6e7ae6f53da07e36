import { jidDecode, jidEncode } from '@whiskeysockets/baileys'

/** The number of the sandbox's own device. */
export const sandboxNumber = '6285500000000'

/** How a practice number behaves. */
export type NumberRule =
  | 'ordinary'
  | 'absent' // not on WhatsApp
  | 'locked' // WhatsApp refuses with 463
  | 'unacknowledged' // the server never acknowledges
  | 'unread' // delivered, never read

const ruleByHundred: Record<string, NumberRule> = {
  '1': 'absent',
  '2': 'locked',
  '3': 'unacknowledged',
  '4': 'unread',
}

/** What the number is for, by its digits: 62855000001xx are absent, …2xx locked, and so on. */
export function ruleOf(number: string): NumberRule {
  const hundred = /^6285500000(\d)\d\d$/.exec(number)?.[1]
  return (hundred === undefined ? undefined : ruleByHundred[hundred]) ?? 'ordinary'
}

export function isNumber(text: string): boolean {
  return /^[1-9]\d{6,14}$/.test(text)
}

const modulus = 10n ** 15n
const factor = 618_033_988_749_897n
const inverse = inverseOf(factor, modulus)

/**
 * The LID of a number: a number's other name, which says nothing of the number itself. Here it is a
 * permutation of the fifteen digits, so that it is the same in every run and can be turned back.
 * @param registration how often the number was registered anew, which gives it another LID: 0 to 8
 */
export function lidOf(number: string, registration = 0): string {
  return `${registration + 1}${String((BigInt(number) * factor) % modulus).padStart(15, '0')}`
}

/** The number behind a LID, or null where it is none of this server's. */
export function numberOfLid(lid: string): string | null {
  if (!/^[1-9]\d{15}$/.test(lid)) return null
  const number = String((BigInt(lid.slice(1)) * inverse) % modulus)
  return isNumber(number) ? number : null
}

function inverseOf(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [modulus, value % modulus]
  let [previousFactor, currentFactor] = [0n, 1n]
  while (current !== 0n) {
    const quotient = previous / current
    ;[previous, current] = [current, previous - quotient * current]
    ;[previousFactor, currentFactor] = [currentFactor, previousFactor - quotient * currentFactor]
  }
  return ((previousFactor % modulus) + modulus) % modulus
}

/** Whose device a JID names, by number or by LID; device 0 is the phone. */
export interface Address {
  number: string
  device: number
  server: 's.whatsapp.net' | 'lid'
}

/** Reads a user's JID; null for groups, newsletters and anything that is none. */
export function addressOf(jid: string | undefined): Address | null {
  const decoded = jid === undefined ? undefined : jidDecode(jid)
  if (decoded === undefined) return null
  const device = decoded.device ?? 0
  if (decoded.server === 'lid') {
    const number = numberOfLid(decoded.user)
    return number === null ? null : { number, device, server: 'lid' }
  }
  if (decoded.server !== 's.whatsapp.net' || !isNumber(decoded.user)) return null
  return { number: decoded.user, device, server: 's.whatsapp.net' }
}

/** The JID of a device by its number, or by its LID. */
export function jidOf(
  number: string,
  device = 0,
  server: 's.whatsapp.net' | 'lid' = 's.whatsapp.net',
): string {
  return jidEncode(server === 'lid' ? lidOf(number) : number, server, device)
}
