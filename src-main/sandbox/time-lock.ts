/** WhatsApp's bar on new contacts ("reach-out time-lock"), for all accounts of the sandbox alike. */
export class TimeLock {
  #until: number | null = null
  #active = false

  /** Until when it is in force, in milliseconds since the epoch; null where that is left open. */
  set(active: boolean, until: number | null): void {
    this.#active = active
    this.#until = until
  }

  get active(): boolean {
    return this.#active
  }

  answer(): object {
    if (!this.#active) return { is_active: false }
    return {
      is_active: true,
      enforcement_type: 'DEFAULT',
      ...(this.#until === null ? {} : { time_enforcement_ends: String(Math.floor(this.#until / 1000)) }),
    }
  }
}
