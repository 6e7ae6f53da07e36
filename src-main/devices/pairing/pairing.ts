import type { AuthenticationCreds, BinaryNode } from '@whiskeysockets/baileys'
import type { Connection } from '../connection/connection.ts'
import type { EndReason } from '../device.ts'
import type { LifeEvent } from '../lifecycle/life-cycle.ts'
import { userOf } from '../connection/receipts.ts'
import { isPaired } from '../session-keys/session-key-store.ts'

/** How long Baileys shows each QR: the first for a minute, the others for 20 s; WhatsApp gives six. */
const firstQrMs = 60_000
const furtherQrMs = 20_000
const allQrMs = firstQrMs + 5 * furtherQrMs

interface Room {
  /** The number that the phone is expected to have; needed for a code. */
  number: string | null
  now: () => number
  tell: (event: LifeEvent) => void
  /** Why that number may not be paired here, if so. */
  refusal: (number: string) => EndReason | null
  /** Its credentials are good: they are to be kept. */
  accepted: (number: string) => void
}

/** One attempt to pair a phone, over one connection. */
export class Pairing {
  readonly #room: Room
  #how: 'qr' | 'code'
  #beganAt: number | null = null
  #codeAsked = false
  #isDone = false

  constructor(how: 'qr' | 'code', room: Room) {
    this.#how = how
    this.#room = room
  }

  /** What decides how an end is to be read. */
  get progress(): { offered: boolean; paired: boolean } {
    return { offered: this.#beganAt !== null, paired: this.#isDone }
  }

  /** A further QR. Only from the first one on does WhatsApp give out codes. */
  qr(text: string, connection: Connection): void {
    const now = this.#room.now()
    const life = this.#beganAt === null ? firstQrMs : furtherQrMs
    this.#beganAt ??= now
    this.#room.tell({ type: 'qr', text, expiresAt: now + life })
    if (this.#how === 'code') void this.wantCode(connection)
  }

  /** Asks for a code beside the QR, once. */
  async wantCode(connection: Connection): Promise<void> {
    this.#how = 'code'
    if (this.#beganAt === null || this.#codeAsked || this.#room.number === null) return
    this.#codeAsked = true
    try {
      const text = await connection.socket.requestPairingCode(this.#room.number)
      this.#room.tell({ type: 'code', text, expiresAt: this.#beganAt + allQrMs })
    } catch {
      await connection.close('pairing_refused')
    }
  }

  /** Some accounts demand a passkey, which only a browser could answer: no further QR would help. */
  stanza(node: BinaryNode, connection: Connection): void {
    if (asksForPasskey(node)) void connection.close('passkey_required')
  }

  /** The phone has answered: looked at before WhatsApp is told that it was understood. */
  credentials(credentials: AuthenticationCreds, connection: Connection): void {
    if (this.#isDone || !isPaired(credentials)) return
    const number = userOf(credentials.me?.id ?? '')
    const refusal = this.#room.refusal(number)
    if (refusal !== null) {
      void connection.close(refusal)
      return
    }
    this.#isDone = true
    this.#room.accepted(number)
  }
}

/**
 * The demand is a notification of type `passkey_prologue_request`, followed by `crsc_continuation`
 * (WhiskeySockets/Baileys#2672); some have seen it as a child.
 */
function asksForPasskey({ tag, attrs, content }: BinaryNode): boolean {
  const names = /^(passkey_prologue_request|crsc_continuation)$/
  if (names.test(tag) || names.test(attrs['type'] ?? '')) return true
  return Array.isArray(content) && content.some((child) => names.test(child.tag))
}
