import { Agent } from 'node:https'
import { createSecureContext, rootCertificates } from 'node:tls'
import type { SecureContext } from 'node:tls'
import type { DeviceKind } from '../device.ts'

/** Where a device's socket goes, and whom it trusts there. */
export interface Endpoint {
  /** null: WhatsApp's own. */
  url: string | null
  /** For the WebSocket and for media alike. */
  agent: Agent
}

export interface EndpointOptions {
  /** The sandbox, which starts when a device needs it; null while it does not run. */
  sandbox: () => { url: string; certificate: string } | null
  whatsappUrl: string | null
  extraCertificates: readonly string[]
}

/**
 * Gives every kind of device its own endpoint; null for a kind that has none in this run. What serves one
 * kind is never seen by another: an extra certificate cannot weaken a real device, and nothing of the
 * environment (NODE_TLS_REJECT_UNAUTHORIZED) either.
 */
export function endpointsOf(options: EndpointOptions): (kind: DeviceKind) => Endpoint | null {
  const { whatsappUrl, extraCertificates } = options
  const whatsapp: Endpoint = { url: null, agent: new OneTrustAgent({ rejectUnauthorized: true }) }
  const custom =
    whatsappUrl === null
      ? null
      : { url: whatsappUrl, agent: trusting([...rootCertificates, ...extraCertificates]) }
  let sandbox: Endpoint | null = null
  return (kind) => {
    if (kind !== 'sandbox') return { whatsapp, custom }[kind]
    const running = options.sandbox()
    if (running === null) return null
    if (sandbox?.url !== running.url) sandbox = { url: running.url, agent: trusting([running.certificate]) }
    return sandbox
  }
}

function trusting(certificates: string[]): Agent {
  return new OneTrustAgent({ ca: certificates, rejectUnauthorized: true })
}

/**
 * Reads its certificates once. Node reads them anew for every connection: with its 121 roots and one more that takes
 * 20 ms and 0.85 MB, on the thread that sends, for every device that comes back and every file.
 */
class OneTrustAgent extends Agent {
  #trust: SecureContext | null = null

  /** Without the certificates, which Node puts whole into every name: a session kept for a host would keep 180 kB. */
  override getName(options?: Parameters<Agent['getName']>[0]): string {
    return super.getName({ ...options, ca: undefined })
  }

  override createConnection(...[options, callback]: Parameters<Agent['createConnection']>) {
    this.#trust ??= createSecureContext(this.options)
    return super.createConnection({ ...options, secureContext: this.#trust } as typeof options, callback)
  }
}
