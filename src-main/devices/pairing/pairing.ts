import { randomBytes } from 'node:crypto'
import type { AuthenticationCreds, BinaryNode } from '@whiskeysockets/baileys'
import { baileys } from '../baileys/baileys.ts'
import type { Connection } from '../connection/connection.ts'
import type { EndReason } from '../device.ts'
import type { DeviceMachineEvent } from '../lifecycle/device-machine.ts'
import { userOf } from '../connection/device-receipts.ts'
import { LinkCodeRefused, requestLinkCode } from './link-code.ts'
import { withAdvSecret } from './qr-text.ts'
import { isPaired } from '../session-keys/session-key-store.ts'

/** How long Baileys shows each QR: the first for a minute, the others for 20 s. WhatsApp gives six as a rule. */
const firstQrMs = 60_000
const furtherQrMs = 20_000
const usualQrs = 6
const secretBytes = 32

interface Dependencies {
  /** The number that the phone is expected to have; needed for a code. */
  number: string | null
  now: () => number
  dispatch: (event: DeviceMachineEvent) => void
  /** Why that number may not be paired here, if so. */
  refusal: (number: string) => EndReason | null
  /** Its credentials are good: they are to be kept. */
  accepted: (number: string) => void
}

/** One attempt to pair a phone, over one connection. */
export class Pairing {
  readonly #context: Dependencies
  #how: 'qr' | 'code'
  #beganAt: number | null = null
  #qrs = usualQrs
  /** What is on the screen. */
  #shown: { text: string; expiresAt: number } | null = null
  #codeAsked = false
  /** The phone has answered the code: from then on the secret is the one that both have derived from it. */
  #isCodeAnswered = false
  #isDone = false

  constructor(how: 'qr' | 'code', context: Dependencies) {
    this.#how = how
    this.#context = context
  }

  /** What decides how an end is to be read. */
  get progress(): { offered: boolean; paired: boolean } {
    return { offered: this.#beganAt !== null, paired: this.#isDone }
  }

  /** A further QR. Only from the first one on does WhatsApp give out codes. */
  qr(text: string, connection: Connection): void {
    const now = this.#context.now()
    const life = this.#beganAt === null ? firstQrMs : furtherQrMs
    this.#beganAt ??= now
    this.#show(text, now + life, connection)
    if (this.#how === 'code') void this.wantCode(connection)
  }

  /** Asks for a code beside the QR, once. It dies with the last QR (oxidezap/whatsapp-rust#1163). */
  async wantCode(connection: Connection): Promise<void> {
    this.#how = 'code'
    if (this.#beganAt === null || this.#codeAsked || this.#context.number === null) return
    this.#codeAsked = true
    const expiresAt = this.#beganAt + firstQrMs + (this.#qrs - 1) * furtherQrMs
    try {
      const text = await requestLinkCode(connection.socket, this.#context.number)
      this.#context.dispatch({ type: 'code', text, expiresAt })
    } catch (error) {
      await connection.close(refusalOf(error))
    }
  }

  stanza(node: BinaryNode, connection: Connection): void {
    // Only a browser can answer it: no further QR would help.
    if (asksForPasskey(node)) void connection.close('passkey_required')
    else if (node.attrs['type'] === 'companion_reg_refresh') this.#refresh(node, connection)
    else if (isCodeAnswer(node)) this.#isCodeAnswered = true
    else if (childOf(node, 'pair-device') !== undefined) this.#qrs = countReferences(node)
  }

  /**
   * WhatsApp retires the secret of the QR, while it is shown or just after it was scanned, which then has to be done
   * again: the same QR is drawn with a new one, and so are all later ones (WhiskeySockets/Baileys#2737, PR 2765,
   * EvolutionAPI#2437). The secret that a code has led to is kept: it is no part of a QR.
   */
  #refresh(node: BinaryNode, connection: Connection): void {
    acknowledge(node, connection)
    const isKnown = refreshes.some((tag) => childOf(node, tag) !== undefined)
    if (!isKnown || this.#isDone || this.#isCodeAnswered) return
    connection.credentials.advSecretKey = randomBytes(secretBytes).toString('base64')
    if (this.#shown !== null) this.#show(this.#shown.text, this.#shown.expiresAt, connection)
  }

  #show(baileysText: string, expiresAt: number, connection: Connection): void {
    const text = withAdvSecret(baileysText, connection.credentials.advSecretKey)
    this.#shown = { text, expiresAt }
    this.#context.dispatch({ type: 'qr', text, expiresAt })
  }

  /** The phone has answered: looked at before WhatsApp is told that it was understood. */
  credentials(credentials: AuthenticationCreds, connection: Connection): void {
    if (this.#isDone || !isPaired(credentials)) return
    const number = userOf(credentials.me?.id ?? '')
    const refusal = this.#context.refusal(number)
    if (refusal !== null) {
      void connection.close(refusal)
      return
    }
    this.#isDone = true
    this.#context.accepted(number)
  }
}

function refusalOf(error: unknown): EndReason {
  if (!(error instanceof LinkCodeRefused)) return 'pairing_refused'
  if (error.code === null) return 'unavailable'
  return error.code === 429 ? 'code_rate_limited' : 'code_refused'
}

/** Either of the two children that WhatsApp Web knows. */
const refreshes = ['companion_reg_refresh', 'pair-device-rotate-qr'] as const

/** Baileys cannot acknowledge anything before it knows the account (Baileys PR 2749). */
function acknowledge(node: BinaryNode, connection: Connection): void {
  if (connection.credentials.me !== undefined) return
  connection.socket.sendNode(baileys().buildAckStanza(node)).catch(() => {
    // The line is gone, which its own end tells.
  })
}

function isCodeAnswer(node: BinaryNode): boolean {
  return childOf(node, 'link_code_companion_reg')?.attrs['stage'] === 'primary_hello'
}

function countReferences(node: BinaryNode): number {
  const content = childOf(node, 'pair-device')?.content
  return Array.isArray(content) ? content.filter(({ tag }) => tag === 'ref').length : usualQrs
}

function childOf({ content }: BinaryNode, tag: string): BinaryNode | undefined {
  return Array.isArray(content) ? content.find((child) => child.tag === tag) : undefined
}

/**
 * The demand is a notification of type `passkey_prologue_request`, followed by `crsc_continuation`
 * (WhiskeySockets/Baileys#2672), with the options as a child; or the options come in an iq.
 */
function asksForPasskey({ tag, attrs, content }: BinaryNode): boolean {
  const names = /^(passkey_prologue_request|passkey_request_options|crsc_continuation)$/
  if (names.test(tag) || names.test(attrs['type'] ?? '')) return true
  return Array.isArray(content) && content.some((child) => names.test(child.tag))
}
