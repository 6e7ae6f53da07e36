import { Agent } from 'node:https'
import type { AgentOptions } from 'node:https'
import { isIP } from 'node:net'
import type { Socket } from 'node:net'
import { callbackify } from 'node:util'
import { createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
import { openRoute } from './egress.ts'
import type { Egress } from './egress.ts'

/** For a proxy to open a connection; whoever dials WhatsApp waits 15 s in all. */
const tunnelTimeoutMs = 10_000

type Connect = Agent['createConnection']

/**
 * Connects through the proxy that is set, and trusts what the PC trusts; without an egress neither, for what never leaves
 * this PC.
 *
 * It reads its certificates once. Node reads them anew for every connection: with its 121 roots and one more that takes
 * 20 ms and 0.85 MB, on the thread that sends, for every device that comes back and every file.
 */
export class EgressAgent extends Agent {
  readonly #egress: Egress | null
  #trust: SecureContext | null = null

  constructor(options: AgentOptions, egress: Egress | null) {
    super(options)
    this.#egress = egress
  }

  /** Without the certificates, which Node puts whole into every name: a session kept for a host would keep 180 kB. */
  override getName(options?: Parameters<Agent['getName']>[0]): string {
    return super.getName({ ...options, ca: undefined })
  }

  override createConnection(...[options, callback]: Parameters<Connect>): ReturnType<Connect> {
    if (this.#egress === null) {
      this.#trust ??= createSecureContext(this.options)
      return super.createConnection({ ...options, secureContext: this.#trust } as typeof options, callback)
    }
    const egress = this.#egress
    const connect = (more: object): ReturnType<Connect> => super.createConnection({ ...options, ...more })
    // Node takes what the callback is given where nothing is returned.
    callbackify(async () => this.#open(egress, options, connect))((error, socket) => {
      callback?.(error, socket as Socket)
    })
    return undefined
  }

  async #open(
    egress: Egress,
    { host, port }: Parameters<Connect>[0],
    connect: (more: object) => ReturnType<Connect>,
  ): Promise<ReturnType<Connect>> {
    const added = await egress.trust()
    this.#trust ??= createSecureContext(withMore(this.options, added))
    const target = { host: host ?? 'localhost', port: Number(port ?? 443) }
    const name = isIP(target.host) === 6 ? `[${target.host}]` : target.host
    const route = await egress.routeTo(new URL(`https://${name}:${target.port}`))
    const socket = await openRoute(route, target, tunnelTimeoutMs)
    return connect({ secureContext: this.#trust, ...(socket === null ? {} : { socket }) })
  }
}

/** Options that name no certificates take the default ones, which have them already. */
function withMore(options: AgentOptions, added: readonly string[]): AgentOptions {
  const { ca } = options
  if (ca === undefined || added.length === 0) return options
  return { ...options, ca: [...[ca].flat(), ...added] }
}
