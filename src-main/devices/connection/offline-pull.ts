import type { BinaryNode } from '@whiskeysockets/baileys'

/** Stanzas in one portion, as WhatsApp Web asks for them. */
const portionStanzas = 200
/** From the first stanza of a portion until the next is asked for. */
const nextPortionAfterMs = 100
/** A server that sends nothing more is not waited for. */
const silenceMs = 60_000

/**
 * Pulls what came while the device was away to its end. The server announces it by `<ib><offline_preview/>`, sends some five
 * stanzas, and waits for `<ib><offline_batch count/>` before each further portion; Baileys asks once, for a hundred,
 * and what is left stays and grows (oxidezap/whatsapp-rust issue 629, offline_resume.rs; vinikjkkj/zapo issue 269).
 */
export class OfflinePull {
  readonly #send: (request: BinaryNode) => void
  #state: 'idle' | 'asked' | 'arriving' = 'idle'
  #next: NodeJS.Timeout | undefined
  #silence: NodeJS.Timeout | undefined

  constructor(send: (request: BinaryNode) => void) {
    this.#send = send
  }

  /** `<ib><offline_preview count/>` has come. */
  begin(): void {
    this.#ask()
  }

  /** A stanza with the attribute `offline` has come; `0` is one, too. */
  arrived(): void {
    if (this.#state === 'idle') return
    this.#silence?.refresh()
    if (this.#state !== 'asked') return
    this.#state = 'arriving'
    this.#next = setTimeout(() => this.#ask(), nextPortionAfterMs)
  }

  /** `<ib><offline/>` has come, or the connection is over. */
  end(): void {
    this.#state = 'idle'
    clearTimeout(this.#next)
    clearTimeout(this.#silence)
  }

  #ask(): void {
    this.#state = 'asked'
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.end(), silenceMs)
    this.#send({
      tag: 'ib',
      attrs: {},
      content: [{ tag: 'offline_batch', attrs: { count: String(portionStanzas) } }],
    })
  }
}
