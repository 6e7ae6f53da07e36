import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** How long a change that nobody waits for is kept open for the next commit, in milliseconds. */
const maxDeferredMs = 40

interface Waiting {
  committed: () => void
  failed: (reason: unknown) => void
}

/** What the owner of a group hears of it. */
interface Outcomes {
  committed: () => void
  /** Turns what SQLite threw into what those who wrote are told. */
  failed: (error: unknown) => unknown
}

/**
 * Writes that come together share one transaction, and so one sync of the disk. Each has a savepoint of its
 * own, so that one that throws undoes its own changes only; the first of a group needs none, since rolling
 * the whole transaction back is the same.
 *
 * The group is committed on the next turn of the event loop, or a little later where all of it can wait.
 * Everybody who wrote in it learns the outcome after that, all alike: with `synchronous = FULL` the commit is
 * on the disk by then.
 */
export class WriteGroup {
  readonly #connection: DatabaseSync
  readonly #outcomes: Outcomes
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  readonly #mark: StatementSync
  readonly #release: StatementSync
  #waiting: Waiting[] = []
  #working = false
  #scheduled: NodeJS.Immediate | null = null
  #later: NodeJS.Timeout | null = null

  constructor(connection: DatabaseSync, outcomes: Outcomes) {
    this.#connection = connection
    this.#outcomes = outcomes
    this.#begin = connection.prepare('BEGIN IMMEDIATE')
    this.#commit = connection.prepare('COMMIT')
    this.#mark = connection.prepare('SAVEPOINT own')
    this.#release = connection.prepare('RELEASE own')
  }

  /** Whether a piece of work runs right now, so that statements may change rows. */
  get working(): boolean {
    return this.#working
  }

  /** @param along whether it waits for a commit that others need, `maxDeferredMs` at most, and forces none */
  write<T>(work: () => T, along = false): Promise<T> {
    if (this.#working) throw new Error('a write was begun inside another write')
    return new Promise<T>((resolve, reject) => {
      const result = this.#join(work)
      this.#waiting.push({ committed: () => resolve(result), failed: reject })
      if (along) this.#later ??= setTimeout(() => this.flush(), maxDeferredMs)
      else this.#scheduled ??= setImmediate(() => this.flush())
    })
  }

  /** Commits what is open, now. */
  flush(): void {
    if (this.#scheduled !== null) clearImmediate(this.#scheduled)
    this.#scheduled = null
    if (this.#later !== null) clearTimeout(this.#later)
    this.#later = null
    if (this.#waiting.length === 0) return
    try {
      this.#commit.run()
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK')
      this.#fail(this.#outcomes.failed(error))
      return
    }
    const waiting = this.#waiting
    this.#waiting = []
    this.#outcomes.committed()
    for (const { committed } of waiting) committed()
  }

  /** Runs the work inside the open group, or a new one. */
  #join<T>(work: () => T): T {
    const first = this.#waiting.length === 0
    this.#working = true
    try {
      if (first) this.#begin.run()
      else this.#mark.run()
      const result = work()
      if (result instanceof Promise) throw new Error('the work of a write must be done when it returns')
      if (!first) this.#release.run()
      return result
    } catch (error) {
      const told = this.#outcomes.failed(error)
      this.#undo(first, told)
      throw told
    } finally {
      this.#working = false
    }
  }

  #undo(first: boolean, told: unknown): void {
    if (!this.#connection.isTransaction) {
      // SQLite rolls the whole transaction back by itself on a full disk and the like: all of it is undone.
      this.#fail(told)
    } else if (first) {
      this.#connection.exec('ROLLBACK')
    } else {
      this.#connection.exec('ROLLBACK TO own; RELEASE own')
    }
  }

  #fail(told: unknown): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { failed } of waiting) failed(told)
  }
}
