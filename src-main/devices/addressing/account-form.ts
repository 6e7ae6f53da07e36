import type { SessionKeys } from '../session-keys/session-key-store.ts'

/** How people are named in messages: by phone number or by LID. */
export type AddressForm = 'pn' | 'lid'

/**
 * What is known of the form that WhatsApp takes from an account, the weakest first. Migration to LIDs is never undone, so
 * that what is learned later only counts where it is stronger:
 *
 * - told: by `client-props` in pair-success, by server property 9435, or by the phone when it migrates;
 * - refused: messages to LIDs are answered with 400, whatever was told;
 * - taken: a message to a LID was acknowledged.
 */
const evidences = ['pn_told', 'lid_told', 'lid_refused', 'lid_taken'] as const
export type FormEvidence = (typeof evidences)[number]

/**
 * The form in which an account writes to people: one for all of them (whatsmeow: always LIDs since tulir/whatsmeow@4f8f64e0;
 * oxidezap/whatsapp-rust asks the account's mode, issues 941 and 943).
 *
 * It is kept with the credentials, which belong to the link: another link is told anew.
 */
export class AccountForm {
  readonly #keys: SessionKeys

  constructor(keys: SessionKeys) {
    this.#keys = keys
  }

  get form(): AddressForm {
    const { evidence } = this
    return evidence === 'lid_told' || evidence === 'lid_taken' ? 'lid' : 'pn'
  }

  /** What speaks for that form; null where nothing is known yet. */
  get evidence(): FormEvidence | null {
    const kept = keptIn(this.#keys).addressing
    return evidences.find((one) => one === kept) ?? null
  }

  /** Learns from a pairing that may still be declined: its credentials are kept once it is not. */
  learnWhilePairing(evidence: FormEvidence): void {
    if (rankOf(evidence) <= rankOf(this.evidence)) return
    this.#keys.credentials.additionalData = { ...keptIn(this.#keys), addressing: evidence }
  }

  learn(evidence: FormEvidence): void {
    if (rankOf(evidence) <= rankOf(this.evidence)) return
    this.learnWhilePairing(evidence)
    this.#keys.noteCredentials()
  }
}

function rankOf(evidence: FormEvidence | null): number {
  return evidence === null ? -1 : evidences.indexOf(evidence)
}

/** Baileys leaves `additionalData` to its callers. */
function keptIn({ credentials }: SessionKeys): { addressing?: unknown } {
  return (credentials.additionalData ?? {}) as { addressing?: unknown }
}
