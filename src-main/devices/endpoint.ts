import { Agent } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { DeviceKind } from './device.ts'

/** Where a device's socket goes, and whom it trusts there. */
export interface Endpoint {
  /** null: WhatsApp's own. */
  url: string | null
  /** For the WebSocket and for media alike. */
  agent: Agent
}

export interface EndpointOptions {
  sandboxUrl: string | null
  sandboxCertificate: string | null
  whatsappUrl: string | null
  extraCertificates: readonly string[]
}

/**
 * Gives every kind of device its own endpoint; null for a kind that has none in this run. What serves one
 * kind is never seen by another: an extra certificate cannot weaken a real device, and nothing of the
 * environment (NODE_TLS_REJECT_UNAUTHORIZED) either.
 */
export function endpointsOf(options: EndpointOptions): (kind: DeviceKind) => Endpoint | null {
  const { sandboxUrl, sandboxCertificate, whatsappUrl, extraCertificates } = options
  const whatsapp: Endpoint = { url: null, agent: new Agent({ rejectUnauthorized: true }) }
  const sandbox =
    sandboxUrl === null
      ? null
      : { url: sandboxUrl, agent: trusting(sandboxCertificate === null ? [] : [sandboxCertificate]) }
  const custom =
    whatsappUrl === null
      ? null
      : { url: whatsappUrl, agent: trusting([...rootCertificates, ...extraCertificates]) }
  return (kind) => ({ whatsapp, sandbox, custom })[kind]
}

function trusting(certificates: string[]): Agent {
  return new Agent({ ca: certificates, rejectUnauthorized: true })
}
