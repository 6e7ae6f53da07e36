import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { bits, identifier, integer, octets, sequence, set, tagged, text, time, yes } from './der.ts'

/** What the media host shows, and the root that its clients are to trust. All PEM. */
export interface TlsIdentity {
  key: string
  /** The host's certificate, for its names and 127.0.0.1. */
  certificate: string
  root: string
}

const yearMs = 365 * 24 * 60 * 60 * 1000

const oid = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
}

/**
 * Makes a root of its own and a certificate under it (RFC 5280, P-256), since Node has no call for that
 * and a program cannot count on openssl. The root's private key is forgotten at once: nothing else can
 * ever be signed with it. `now` in milliseconds.
 */
export function makeTlsIdentity(now: number, names: readonly string[] = ['localhost']): TlsIdentity {
  const root = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const host = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rootName = 'Kurir sandbox root'
  const rootId = keyIdOf(root.publicKey)
  const common = { issuer: rootName, issuerKey: root.privateKey, issuerId: rootId, now }
  const rootExtensions = [
    extension(oid.basicConstraints, sequence(yes()), true),
    extension(oid.keyUsage, tagged(0x03, Buffer.from([2, 0x04])), true), // signs certificates
  ]
  const hostExtensions = [
    extension(oid.basicConstraints, sequence(), true),
    extension(oid.keyUsage, tagged(0x03, Buffer.from([7, 0x80])), true), // signs in a handshake
    extension(oid.extendedKeyUsage, sequence(identifier(oid.serverAuthentication))),
    extension(
      oid.alternativeNames,
      sequence(
        ...names.map((name) => tagged(0x82, Buffer.from(name))),
        tagged(0x87, Buffer.from([127, 0, 0, 1])),
      ),
    ),
  ]
  return {
    key: host.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: certify({ ...common, name: 'localhost', key: host.publicKey, extensions: hostExtensions }),
    root: certify({ ...common, name: rootName, key: root.publicKey, extensions: rootExtensions }),
  }
}

interface Request {
  name: string
  key: KeyObject
  extensions: Buffer[]
  issuer: string
  issuerKey: KeyObject
  issuerId: Buffer
  now: number
}

function certify({ name, key, extensions, issuer, issuerKey, issuerId, now }: Request): string {
  const algorithm = sequence(identifier(oid.ecdsaWithSha256))
  const all = [
    ...extensions,
    extension(oid.subjectKeyId, octets(keyIdOf(key))),
    extension(oid.authorityKeyId, sequence(tagged(0x80, issuerId))),
  ]
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))), // version 3
    integer(serial()),
    algorithm,
    nameOf(issuer),
    sequence(time(now - yearMs), time(now + 10 * yearMs)),
    nameOf(name),
    key.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...all)),
  )
  const signature = sign('sha256', body, issuerKey)
  return pem(sequence(body, algorithm, bits(signature)))
}

function nameOf(common: string): Buffer {
  return sequence(set(sequence(identifier(oid.commonName), text(common))))
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(identifier(id), ...(critical ? [yes()] : []), octets(value))
}

function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
}

/** Sixteen random bytes, positive and without a leading zero. */
function serial(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
