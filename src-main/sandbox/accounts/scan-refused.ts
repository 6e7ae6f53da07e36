/** Why a practice phone does not link a client; stable, for scripts that branch on it. */
export type ScanRefusal =
  | 'number_invalid'
  | 'not_on_whatsapp'
  | 'qr_invalid'
  | 'qr_unknown'
  /** WhatsApp has replaced the secret in it: the client shows another. */
  | 'qr_retired'
  | 'code_invalid'
  | 'code_unknown'
  | 'code_wrong'
  | 'passkey_required'
  /** It closed the line, as one does that is named after another number; or its answer does not fit its keys. */
  | 'client_declined'

/** What a practice phone says when it cannot do what it is asked. */
export class ScanRefused extends Error {
  readonly code: ScanRefusal

  constructor(code: ScanRefusal, message: string) {
    super(message)
    this.code = code
  }
}
