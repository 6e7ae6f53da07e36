import { rootCertificates } from 'node:tls'
import type { Agent } from 'node:https'
import { EgressAgent } from '../../egress/egress-agent.ts'
import type { Egress } from '../../egress/egress.ts'
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
  /** The way out of this PC, for all but the sandbox; without one there is no proxy, and only Node's own trust. */
  egress?: Egress | null
}

/**
 * Gives every kind of device its own endpoint; null for a kind that has none in this run. What serves one
 * kind is never seen by another: an extra certificate cannot weaken a real device, and nothing of the
 * environment (NODE_TLS_REJECT_UNAUTHORIZED) either.
 */
export function endpointsOf(options: EndpointOptions): (kind: DeviceKind) => Endpoint | null {
  const { whatsappUrl, extraCertificates, egress = null } = options
  const whatsapp: Endpoint = { url: null, agent: new EgressAgent({ rejectUnauthorized: true }, egress) }
  const custom =
    whatsappUrl === null
      ? null
      : { url: whatsappUrl, agent: trusting([...rootCertificates, ...extraCertificates], egress) }
  let sandbox: Endpoint | null = null
  return (kind) => {
    if (kind !== 'sandbox') return { whatsapp, custom }[kind]
    const running = options.sandbox()
    if (running === null) return null
    if (sandbox?.url !== running.url)
      sandbox = { url: running.url, agent: trusting([running.certificate], null) }
    return sandbox
  }
}

function trusting(ca: string[], egress: Egress | null): Agent {
  return new EgressAgent({ ca, rejectUnauthorized: true }, egress)
}
