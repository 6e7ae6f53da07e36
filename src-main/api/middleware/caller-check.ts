import type { IncomingMessage } from 'node:http'
import { Failure } from '../../lib/failure.ts'
import type { ApiKey } from '../../keys/keys.ts'
import { addressOf, identify, secretIn } from './authentication.ts'
import type { ApiServices } from '../handlers/api-services.ts'
import type { Values } from '../handlers/common-parameters.ts'
import { maxUnidentifiedBytes } from '../body/body-limits.ts'
import type { CallerCheck } from '../body/read-body.ts'

/** How long a body may take that has to name its caller. */
const bodyWithinMs = 10_000
/** The same where the headers or the address have named a key that is not known: the body may name a better one. */
const secondTryWithinMs = 1_000
/** Texts of a body that are tried as keys where it is too large to be parsed for a stranger. */
const maxCandidates = 4

/** Finds out who a request is from, from its headers and its address where they say it, else while its body is read. */
export class RequestCaller implements CallerCheck {
  readonly deadline: number
  readonly #services: ApiServices
  readonly #request: IncomingMessage
  readonly #tried = new Map<string | null, ApiKey | Failure>()
  readonly #onIdentified: (key: ApiKey) => void
  #first: ApiKey | Failure

  constructor(
    services: ApiServices,
    request: IncomingMessage,
    query: Values,
    onIdentified: (key: ApiKey) => void,
  ) {
    this.#services = services
    this.#request = request
    this.#onIdentified = onIdentified
    const secret = secretIn(query, request.headers)
    this.#first = this.#identify(secret)
    this.deadline = performance.now() + (secret === null ? bodyWithinMs : secondTryWithinMs)
  }

  get isIdentified(): boolean {
    return !(this.#first instanceof Failure)
  }

  get refusal(): Failure {
    if (!(this.#first instanceof Failure)) throw new Error('a caller who is known is not refused')
    return this.#first.code === 'key_missing' ? keyTooLate : this.#first
  }

  get mayWait(): boolean {
    return !(this.#first instanceof Failure) || this.#first.code === 'key_missing'
  }

  /** Where the headers name a key that is not known, a larger body is not looked through for another one. */
  mayRead(bytes: number): boolean {
    return this.mayWait || bytes <= maxUnidentifiedBytes
  }

  tryKey(secret: string): void {
    this.#first = this.#identify(secret)
  }

  searchKey(bytes: Buffer): void {
    // Texts of two bytes a character are searched as well.
    const text = bytes.toString('latin1').replaceAll('\0', '')
    const candidates = text.matchAll(/kurir_[\w-]{1,64}/g).take(maxCandidates)
    for (const [secret] of candidates) {
      this.tryKey(secret)
      if (this.isIdentified) return
    }
  }

  /** Whose call it is now that all of it was read. */
  of(values: Values): ApiKey | Failure {
    return this.#identify(secretIn(values, this.#request.headers))
  }

  #identify(secret: string | null): ApiKey | Failure {
    const before = this.#tried.get(secret)
    if (before !== undefined) return before
    const found = identify(this.#services.keys, secret, addressOf(this.#request))
    if (!(found instanceof Failure)) this.#onIdentified(found)
    this.#tried.set(secret, found)
    return found
  }
}

// Made once: a flood of calls without a key is not to cost a stack trace each.
const keyTooLate = new Failure(
  'key_missing',
  'No API key was given in the first 64 KiB. Send it in the header X-API-Key, or before everything else in the body.',
  { errors: { api_key: 'is required' } },
)
