import { Curve, proto } from '@whiskeysockets/baileys'
import type { KeyPair } from '@whiskeysockets/baileys'

/** The practice server's Noise identity: its static key and the chain that vouches for it. */
export interface NoiseIdentity {
  staticKey: KeyPair
  /** An encoded CertChain: a leaf over the static key, and an intermediate that the root signed. */
  certificates: Uint8Array
  /** The root's public key, 32 bytes: what a client that verifies has to trust. */
  root: Buffer
}

const yearSeconds = 365 * 24 * 60 * 60

/** Makes a whole chain as WhatsApp's: root → intermediate (issuer serial 0) → leaf. `now` in milliseconds. */
export function makeNoiseIdentity(now: number): NoiseIdentity {
  const root = Curve.generateKeyPair()
  const intermediate = Curve.generateKeyPair()
  const staticKey = Curve.generateKeyPair()
  const seconds = Math.floor(now / 1000)
  const certificates = proto.CertChain.encode({
    intermediate: certify({ serial: 1, issuerSerial: 0, key: intermediate.public }, root, seconds),
    leaf: certify({ serial: 2, issuerSerial: 1, key: staticKey.public }, intermediate, seconds),
  }).finish()
  return { staticKey, certificates, root: Buffer.from(root.public) }
}

function certify(
  subject: { serial: number; issuerSerial: number; key: Uint8Array },
  issuer: KeyPair,
  seconds: number,
): { details: Uint8Array; signature: Uint8Array } {
  const details = proto.CertChain.NoiseCertificate.Details.encode({
    ...subject,
    notBefore: seconds - yearSeconds,
    notAfter: seconds + 10 * yearSeconds,
  }).finish()
  return { details, signature: Curve.sign(issuer.private, details) }
}
