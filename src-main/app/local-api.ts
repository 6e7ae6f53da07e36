import type { AccessEntry } from '../api/middleware/access-log.ts'
import type { RefusedCaller } from '../api/middleware/refused-callers.ts'
import type { Api } from '../api/server/start-api.ts'
import type { UnknownParameter } from '../api/middleware/unknown-parameters.ts'
import { Failure } from '../lib/failure.ts'
import { Listeners } from '../lib/listeners.ts'
import type { Settings } from '../storage/settings/settings.ts'
import type { SettingName } from '../storage/settings/settings-schema.ts'

/** Whether callers are answered, and why not. */
export type LocalApiStatus =
  | { state: 'running'; port: number; addresses: string[] }
  | { state: 'stopped' }
  | { state: 'failed'; port: number; failure: Failure }

/** Settings that take effect by opening the doors anew. */
const bindingSettings: ReadonlySet<SettingName> = new Set(['api.port', 'api.lan', 'api.lanAddresses'])

/** The longest that a call may take, a file's, and a moment to write its answer: milliseconds. */
const runningCallsMs = 15_000

/**
 * The HTTP API's place in the program: it opens where the settings say and moves when they change. A port that
 * is taken stops the API and nothing else, and the port is never moved silently: callers have it written down.
 */
export class LocalApi {
  readonly onChange = new Listeners<LocalApiStatus>()
  readonly #open: () => Promise<Api>
  readonly #settings: Settings
  #api: Api | null = null
  #status: LocalApiStatus = { state: 'stopped' }
  #turn: Promise<void> = Promise.resolve()
  /** APIs of former settings whose last calls still run. */
  readonly #retired = new Set<Api>()

  constructor(options: { open: () => Promise<Api>; settings: Settings }) {
    this.#open = options.open
    this.#settings = options.settings
    options.settings.onChange.add((name) => {
      if (bindingSettings.has(name) && this.#status.state !== 'stopped') void this.restart()
    })
  }

  get status(): LocalApiStatus {
    return this.#status
  }

  /** Where callers reach it, or would: the address to show in examples. */
  get address(): string {
    if (this.#status.state === 'running') return this.#status.addresses[0] ?? ''
    return `http://127.0.0.1:${this.#settings.get('api.port')}`
  }

  /** The newest first; empty while the API does not run. */
  accessLog(limit: number): AccessEntry[] {
    return this.#api?.accessLog(limit) ?? []
  }

  unknownParameters(): UnknownParameter[] {
    return this.#api?.unknownParameters() ?? []
  }

  refusedCallers(): RefusedCaller[] {
    return this.#api?.refusedCallers() ?? []
  }

  /**
   * Lists one of those that were refused in the setting that lets it in, at once.
   *
   * @throws Failure call_invalid for one that was not refused, setting_invalid
   */
  allowRefused(caller: Pick<RefusedCaller, 'kind' | 'value'>): void {
    const { kind, value } = caller
    if (!this.refusedCallers().some((one) => one.kind === kind && one.value === value)) {
      throw new Failure('call_invalid', 'This caller is not in the list of refused callers.')
    }
    const setting = kind === 'host' ? 'api.hostNames' : 'api.allowedOrigins'
    // Under this API's own port a name needs none.
    const ownPort = this.#status.state === 'running' ? `:${String(this.#status.port)}` : null
    const entry =
      kind === 'host' && ownPort !== null && value.endsWith(ownPort) ? value.slice(0, -ownPort.length) : value
    const listed = this.#settings.get(setting)
    if (!listed.includes(entry)) this.#settings.set(setting, [...listed, entry])
    this.#api?.forgetRefused(caller)
  }

  /** Opens the port; whether that went well is the status, never an exception. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#openListener())
  }

  /** Lets running calls finish, then closes the port. */
  stop(): Promise<void> {
    return this.#inTurn(async () => {
      await Promise.all([this.#closeListener(), ...[...this.#retired].map((api) => api.stop())])
      this.#become({ state: 'stopped' })
    })
  }

  /**
   * After a change of settings, or when the operator asks to try a taken port again. Another port is opened before the
   * old one is closed, so that there is always one that answers; calls that run on the old one may end there.
   */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      // Asked for while the program stopped.
      if (this.#status.state === 'stopped') return
      const before = this.#api
      if (before === null) return this.#openListener()
      if (before.port !== this.#settings.get('api.port')) {
        await this.#openListener()
        this.#retire(before)
        return
      }
      this.#retire(before)
      await before.portsFree()
      await this.#openListener()
    })
  }

  #retire(api: Api): void {
    this.#retired.add(api)
    void api.stop(runningCallsMs).finally(() => this.#retired.delete(api))
  }

  async #openListener(): Promise<void> {
    const port = this.#settings.get('api.port')
    try {
      this.#api = await this.#open()
      this.#become({ state: 'running', port: this.#api.port, addresses: this.#api.addresses })
    } catch (error) {
      this.#api = null
      if (!(error instanceof Failure)) throw error
      this.#become({ state: 'failed', port, failure: error })
    }
  }

  async #closeListener(): Promise<void> {
    const api = this.#api
    this.#api = null
    await api?.stop()
  }

  #become(status: LocalApiStatus): void {
    this.#status = status
    this.onChange.emit(status)
  }

  /** One change after the other: a setting may change while the last change is still under way. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work, work)
    return this.#turn
  }
}
