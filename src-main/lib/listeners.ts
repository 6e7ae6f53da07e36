export type Unsubscribe = () => void

/** Those who want to hear of one kind of event. A listener that throws keeps nobody else from hearing. */
export class Listeners<Event> {
  readonly #listeners = new Set<(event: Event) => void>()

  /** Adds a listener; the answer takes it away again. */
  add(listener: (event: Event) => void): Unsubscribe {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(event: Event): void {
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener(event)
      } catch (error) {
        // Told to the process' own handler, after everyone has heard.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
