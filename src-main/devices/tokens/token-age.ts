/**
 * WhatsApp Web counts the life of privacy tokens in weeks since the epoch (its properties 865, 909, 996 and 997;
 * tulir/whatsmeow tctoken.go). Times are in seconds.
 */
const weekSeconds = 7 * 24 * 60 * 60
const validWeeks = 4

/** A token is good in the week in which it was given and in the three after it. */
export function isTokenValid(givenAt: number, now: number): boolean {
  return givenAt >= (weekOf(now) - (validWeeks - 1)) * weekSeconds
}

/** An own token is given anew in each week in which the contact is written to. */
export function isIssueDue(issuedAt: number | null, now: number): boolean {
  return issuedAt === null || weekOf(now) > weekOf(issuedAt)
}

function weekOf(seconds: number): number {
  return Math.floor(seconds / weekSeconds)
}
