import { Caller } from './caller.ts'
import type { Kurir } from './kurir.ts'

/** A receipt as a POS writes it: some 180 characters. Every one is another, so that none is a repeat. */
export function textOf(index: number): string {
  return `Toko Maju Jaya\nNota ${index}\n2 x Kopi Susu  36.000\n1 x Roti Bakar  18.000\nTotal Rp 54.000\nTerima kasih atas kunjungan Anda. Simpan nota ini untuk penukaran barang dalam 7 hari.`
}

/** Callers of one program, each with a connection of its own, as several tills have. */
export class Callers {
  readonly #kurir: Kurir
  readonly #idle: Caller[] = []
  #sent = 0

  constructor(kurir: Kurir) {
    this.#kurir = kurir
  }

  /** One call of /send-message; an error unless the message was acknowledged. */
  async send(sender: string, number: string): Promise<void> {
    const caller = this.#idle.pop() ?? new Caller(this.#kurir.port)
    const headers = { 'X-API-Key': this.#kurir.apiKey, 'Content-Type': 'application/json' }
    const body = JSON.stringify({ sender, number, message: textOf(this.#sent++) })
    const response = await caller.post('/send-message', headers, body)
    this.#idle.push(caller)
    if (response.status !== 200) throw new Error(`not sent: ${response.body}`)
  }

  close(): void {
    for (const caller of this.#idle.splice(0)) caller.close()
  }
}
