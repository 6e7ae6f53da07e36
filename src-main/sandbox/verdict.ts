/** What the server makes of a message. */
export interface Verdict {
  /** The code that it is refused with; null where it is taken. */
  error: number | null
  /** Tells the sender that it left devices out. */
  phash?: string
  /** What follows the acknowledgement: receipts, requests to send again. */
  afterwards: () => void
}

export const refused = (code: number): Verdict => ({ error: code, afterwards: () => {} })
