/** WhatsApp's bar on new contacts ("reach-out time-lock"), for all accounts of the sandbox alike. */
export class TimeLock {
  readonly #now: () => number
  #until: number | null = null
  #active = false
  #enforcement = 'DEFAULT'
  #endsByItself = false

  constructor(now: () => number) {
    this.#now = now
  }

  /** Until when it is in force, in milliseconds since the epoch; null where that is left open. */
  set(
    active: boolean,
    until: number | null,
    { enforcement = 'DEFAULT', endsByItself = false }: { enforcement?: string; endsByItself?: boolean } = {},
  ): void {
    this.#active = active
    this.#until = until
    this.#enforcement = enforcement
    this.#endsByItself = endsByItself
  }

  get active(): boolean {
    const isOver = this.#endsByItself && this.#until !== null && this.#until <= this.#now()
    return this.#active && !isOver
  }

  answer(): object {
    if (!this.active) return { is_active: false }
    return {
      is_active: true,
      enforcement_type: this.#enforcement,
      ...(this.#until === null ? {} : { time_enforcement_ends: String(Math.floor(this.#until / 1000)) }),
    }
  }
}
