/** What can be made to go wrong. `count` is how often (1), `number` whose lines only: the account's. */
export type Fault = FaultKind & { count?: number; number?: string }

type FaultKind =
  /** A message is taken and delivered, but the line is cut instead of the acknowledgement. */
  | { kind: 'drop' }
  /** The line is cut before a message is looked at. */
  | { kind: 'lose' }
  /** With the next message the line goes dead without being closed: nothing is read or written any more. */
  | { kind: 'silence' }
  /** A message is refused. */
  | { kind: 'ack-error'; code: number }
  /** A connection is ended with that code: one that is open, at once, else the next that logs in. */
  | { kind: 'close'; code: number }
  /** A login is refused with that code; 402 with why (`ban`: 101, 102, …) and for how many seconds. */
  | { kind: 'login-failure'; code: number; ban?: number; seconds?: number }
  /** A connection is ended by a stream error with that child and no code: `ack`, `xml-not-well-formed`, … */
  | { kind: 'stream-error'; child: string }
  /** A frame that no client can decode: on a connection that is open, at once, else after the next login. */
  | { kind: 'bad-frame' }
  /** A stanza whose shape no client expects: a chatstate with an empty list. When as `bad-frame`. */
  | { kind: 'bad-stanza' }
  /** No pairing code is given: with that error. */
  | { kind: 'code-refused'; code: number }
  /**
   * The secret in the QR is retired: while one is shown, at once, else when the next one is scanned, which is refused.
   * `qr` is what is shown: its secret is not accepted any more.
   */
  | { kind: 'refresh'; qr?: string }
  /** A message is acknowledged that much later. */
  | { kind: 'slow'; ms: number }
  /** A device or contact query is never answered. */
  | { kind: 'query-silence' }
  /** A device or contact query is answered that much later. */
  | { kind: 'slow-query'; ms: number }
  /** A migrated account's device query by phone number names no device. */
  | { kind: 'empty-device-list' }
  /** A query about the account's own LID is never answered. */
  | { kind: 'own-lid-silence' }
  /** The recipient of a message has been registered anew, and has another LID. */
  | { kind: 'refresh-lid' }
  /** A file is not taken, by any host: 500 unless said otherwise. With 401 or 403 the auth is worth nothing any more. */
  | { kind: 'upload-error'; code?: number }
  /** A file is not taken by the first host: 507 unless said otherwise. */
  | { kind: 'upload-host-error'; code?: number }
  /** Where files are uploaded to is never answered. */
  | { kind: 'media-conn-silence' }
  /** Where files are uploaded to is answered that much later. */
  | { kind: 'media-conn-slow'; ms: number }
  /** Where files are uploaded to is answered by an error. */
  | { kind: 'media-conn-error'; code: number }
  /** From now on so many new chats are allowed for `ms` (30 days): one more is refused with 475. */
  | { kind: 'new-chat-cap'; total: number; ms?: number }
  /** New contacts are barred for `ms` (60 s), to companions only by its name. Clients do not hear of its end. */
  | { kind: 'time-lock'; ms?: number }
  /** The keys of a device are not given: error 406 beside its name. `recipient`: of that number alone. */
  | { kind: 'keys-refused'; recipient?: string }
  /** A key query is refused as a whole, with 406 and without a name. `recipient`: one that asks for that number. */
  | { kind: 'key-query-refused'; recipient?: string }
  /** A key query is never answered. */
  | { kind: 'key-query-silence' }
  /** A phone that scans is told to ask for a passkey first. */
  | { kind: 'passkey'; by?: 'notification' | 'iq' }
  /** The recipient cannot decrypt and asks for the message again. */
  | { kind: 'retry' }

export const faultKinds = [
  'drop',
  'lose',
  'silence',
  'ack-error',
  'close',
  'login-failure',
  'stream-error',
  'bad-frame',
  'bad-stanza',
  'code-refused',
  'refresh',
  'slow',
  'query-silence',
  'slow-query',
  'empty-device-list',
  'own-lid-silence',
  'refresh-lid',
  'keys-refused',
  'key-query-refused',
  'key-query-silence',
  'upload-error',
  'upload-host-error',
  'media-conn-silence',
  'media-conn-slow',
  'media-conn-error',
  'new-chat-cap',
  'time-lock',
  'passkey',
  'retry',
] as const satisfies readonly Fault['kind'][]

/** The faults that wait for their moment, in the order in which they were asked for. */
export class Faults {
  #waiting: (Fault & { left: number })[] = []

  add(fault: Fault): void {
    this.#waiting.push({ ...fault, left: fault.count ?? 1 })
  }

  /** Those whose moment has not come. */
  all(): Fault[] {
    return this.#waiting.map(({ left: _left, ...fault }) => fault)
  }

  clear(): void {
    this.#waiting = []
  }

  /** Uses up the first that is of one of the kinds and concerns the account; undefined where there is none. */
  take<Kind extends Fault['kind']>(
    number: string | null,
    ...kinds: Kind[]
  ): Extract<Fault, { kind: Kind }> | undefined {
    const found = this.#waiting.find(
      (fault) =>
        (kinds as string[]).includes(fault.kind) && (fault.number === undefined || fault.number === number),
    )
    if (found === undefined) return undefined
    this.#use(found)
    return found as unknown as Extract<Fault, { kind: Kind }>
  }

  /** The same for faults that may concern one of several recipients. */
  takeFor(
    account: string | null,
    kind: 'keys-refused' | 'key-query-refused',
    recipients: readonly string[],
  ): boolean {
    const found = this.#waiting.find(
      (fault) =>
        fault.kind === kind &&
        (fault.number === undefined || fault.number === account) &&
        (fault.recipient === undefined || recipients.includes(fault.recipient)),
    )
    if (found === undefined) return false
    this.#use(found)
    return true
  }

  #use(fault: Fault & { left: number }): void {
    fault.left--
    if (fault.left <= 0) this.#waiting = this.#waiting.filter((one) => one !== fault)
  }
}
