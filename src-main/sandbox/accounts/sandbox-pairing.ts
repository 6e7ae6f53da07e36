import { createHmac, randomBytes } from 'node:crypto'
import {
  Curve,
  generateSignalPubKey,
  proto,
  WA_ADV_ACCOUNT_SIG_PREFIX,
  WA_ADV_DEVICE_SIG_PREFIX,
} from '@whiskeysockets/baileys'
import { verifySignature } from 'libsignal/src/curve.js'
import type { AccountTraits } from './accounts.ts'
import type { Companion } from './companions.ts'
import type { ClientConnection } from '../server/client-connection.ts'
import { notifyDeviceChange } from '../notices.ts'
import { jidOf } from './sandbox-numbers.ts'
import { child, childBytes, node, seconds, server } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { welcome } from '../phone/linked-device.ts'
import { ScanRefused } from './scan-refused.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** What a client that is not linked yet has said of itself. */
interface Applicant {
  identity: Buffer
  registration: number
  signedPreKey: { id: number; public: Buffer; signature: Buffer }
}

/** A client that shows a QR, or waits for a code to be typed in. */
export interface Pairing {
  readonly applicant: Applicant
  /** What its QRs may refer to. */
  readonly references: string[]
  /** ADV secrets of QRs that are not accepted any more. */
  readonly retiredSecrets: Set<string>
  /** Notices that the secret is retired, and that the client has not acknowledged. */
  readonly unacknowledged: Set<string>
  /** The iq whose answer is awaited, and what it is about. */
  pending: { id: string; number: string; device: number; account: SignedAccount } | null
  linked: (companion: Companion) => void
  refused: (reason: Error) => void
}

/** An account's word that a device is its own. */
interface SignedAccount {
  details: Uint8Array
  accountSignatureKey: Uint8Array
  accountSignature: Uint8Array
}

const references = 6

/** Offers a new client its references for QRs; refuses one whose keys do not fit each other. */
export function beginPairing(
  context: SandboxContext,
  line: ClientConnection,
  data: proto.ClientPayload.IDevicePairingRegistrationData,
): void {
  const applicant = applicantOf(data)
  if (applicant === null) {
    context.reports.add('registration_invalid', null, 'the signed pre-key is not signed by the identity')
    return line.end(node('failure', { reason: '400', t: seconds(context.now()) }))
  }
  const offered = Array.from({ length: references }, () => `2@${randomBytes(24).toString('base64')}`)
  line.pairing = {
    applicant,
    references: offered,
    retiredSecrets: new Set(),
    unacknowledged: new Set(),
    pending: null,
    linked: () => {},
    refused: () => {},
  }
  const content = offered.map((reference) => node('ref', {}, Buffer.from(reference)))
  const iq = { from: server, type: 'set', id: line.newId(), xmlns: 'md' }
  line.send(node('iq', iq, [node('pair-device', {}, content)]))
}

function applicantOf(data: proto.ClientPayload.IDevicePairingRegistrationData): Applicant | null {
  const { eRegid, eIdent, eSkeyId, eSkeyVal, eSkeySig } = data
  if (!eRegid || !eIdent || !eSkeyId || !eSkeyVal || !eSkeySig) return null
  const applicant: Applicant = {
    identity: Buffer.from(eIdent),
    registration: Buffer.from(eRegid).readUIntBE(0, eRegid.length),
    signedPreKey: {
      id: Buffer.from(eSkeyId).readUIntBE(0, eSkeyId.length),
      public: Buffer.from(eSkeyVal),
      signature: Buffer.from(eSkeySig),
    },
  }
  return isSignedBy(applicant.identity, applicant.signedPreKey) ? applicant : null
}

/** Whether a signed pre-key carries that identity's signature; Baileys' own Curve.verify would not tell. */
export function isSignedBy(identity: Buffer, key: { public: Buffer; signature: Buffer }): boolean {
  if (identity.length !== 32 || key.public.length !== 32 || key.signature.length !== 64) return false
  return verify(identity, generateSignalPubKey(key.public), key.signature)
}

function verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return verifySignature(generateSignalPubKey(key), message, signature)
}

/**
 * The phone of `number` accepts the client on that line: it signs the client's identity and the server
 * sends that on. Resolves once the client has countersigned and is registered. Throws ScanRefused.
 */
export async function accept(
  context: SandboxContext,
  line: ClientConnection,
  number: string,
  advSecret: Buffer,
): Promise<Companion> {
  const pairing = line.pairing
  if (pairing === null) throw new ScanRefused('qr_unknown', 'That client is not waiting to be linked.')
  const phone = await context.contacts.endpoint(number, 0)
  if (phone === null) throw new ScanRefused('not_on_whatsapp', `${number} is not on the practice WhatsApp.`)
  // Another phone, or the same one again, may have scanned it while this one was being looked for.
  if (pairing.pending !== null) throw new ScanRefused('qr_unknown', 'The QR was scanned just now.')
  const device = nextDevice(context, number)
  const account = signIdentity(phone.identity, pairing.applicant.identity, device, context.now())
  const id = line.newId()
  pairing.references.length = 0
  pairing.pending = { id, number, device, account }
  const linked = new Promise<Companion>((resolve, reject) => {
    pairing.linked = resolve
    pairing.refused = reject
  })
  const identity = sealAccount(account, advSecret)
  line.send(pairSuccess(id, { number, device, identity, traits: context.accounts.of(number) }, context.now()))
  return linked
}

/** The next free device number of an account: companions, linked or about to be, and practice devices share them. */
export function nextDevice(context: SandboxContext, number: string): number {
  const beingLinked = context.lines.all().flatMap(({ pairing }) => pairing?.pending ?? [])
  const taken = [
    ...context.companions.of(number).map((one) => one.device),
    ...context.contacts.devicesOf(number),
    ...beingLinked.filter((one) => one.number === number).map((one) => one.device),
  ]
  return Math.max(0, ...taken) + 1
}

export function signIdentity(
  phone: { private: Buffer; public: Buffer },
  identity: Buffer,
  keyIndex: number,
  now: number,
): SignedAccount {
  const details = proto.ADVDeviceIdentity.encode({
    rawId: randomBytes(4).readUInt32BE(),
    timestamp: Math.floor(now / 1000),
    keyIndex,
    accountType: proto.ADVEncryptionType.E2EE,
    deviceType: proto.ADVEncryptionType.E2EE,
  }).finish()
  const signed = Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, details, identity])
  return {
    details,
    accountSignatureKey: phone.public,
    accountSignature: Curve.sign(phone.private, signed),
  }
}

/** The account's word under the secret that the QR carried: an ADVSignedDeviceIdentityHMAC. */
export function sealAccount(account: SignedAccount, advSecret: Buffer): Uint8Array {
  const details = proto.ADVSignedDeviceIdentity.encode(account).finish()
  const hmac = createHmac('sha256', advSecret).update(details).digest()
  return proto.ADVSignedDeviceIdentityHMAC.encode({ details, hmac }).finish()
}

/** What a client is told that was linked as a device of a number. */
interface Linked {
  number: string
  device: number
  /** The account's word, an ADVSignedDeviceIdentityHMAC. */
  identity: Uint8Array
  traits: AccountTraits
}

export function pairSuccess(id: string, linked: Linked, now: number): BinaryNode {
  const { number, device, identity, traits } = linked
  return node('iq', { from: server, type: 'set', id, t: seconds(now) }, [
    node('pair-success', {}, [
      node('device-identity', {}, identity),
      ...(traits.consumer ? [] : [node('biz', { name: `Practice ${number}` })]),
      node('device', { jid: jidOf(number, device), lid: jidOf(number, device, 'lid') }),
      node('platform', { name: 'android' }),
      node('client-props', {}, clientProps(traits)),
    ]),
  ])
}

/** Read by whatsmeow since tulir/whatsmeow@37a86e67 (2026-07-13). */
function clientProps({ lidMigrated }: AccountTraits): Uint8Array {
  return proto.ClientPairingProps.encode({ isChatDbLidMigrated: lidMigrated }).finish()
}

/** The client's countersignature: registers it and asks it to connect anew. False where it is none. */
export function finishPairing(context: SandboxContext, line: ClientConnection, answer: BinaryNode): boolean {
  const pairing = line.pairing
  const pending = pairing?.pending
  if (!pairing || !pending || answer.attrs['id'] !== pending.id) return false
  const signed = childBytes(child(answer, 'pair-device-sign'), 'device-identity')
  const { deviceSignature } = proto.ADVSignedDeviceIdentity.decode(signed)
  const { applicant } = pairing
  const message = Buffer.concat([
    WA_ADV_DEVICE_SIG_PREFIX,
    pending.account.details,
    applicant.identity,
    pending.account.accountSignatureKey,
  ])
  if (deviceSignature?.length !== 64 || !verify(applicant.identity, message, deviceSignature)) {
    context.reports.add('pairing_invalid', pending.number, 'the device signature is wrong')
    pairing.refused(new ScanRefused('client_declined', 'The client signed with another key than its own.'))
    line.end(node('stream:error', { code: '401' }))
    return true
  }
  const companion = companionOf(line, pairing, pending, deviceSignature)
  line.inOrder(async () => {
    await context.accounts.keep(companion.number)
    await context.companions.add(companion, [], context.now())
    await welcome(context, companion)
    notifyDeviceChange(context, 'add', companion.number, companion.device)
    pairing.linked(companion)
    line.end(node('stream:error', { code: '515' }))
  })
  return true
}

function companionOf(
  line: ClientConnection,
  { applicant }: Pairing,
  pending: NonNullable<Pairing['pending']>,
  deviceSignature: Uint8Array,
): Companion {
  return {
    number: pending.number,
    device: pending.device,
    noiseKey: line.staticKey,
    identity: applicant.identity,
    registration: applicant.registration,
    keyIndex: pending.device,
    account: shownAccount({ ...pending.account, deviceSignature }),
    signedPreKey: applicant.signedPreKey,
    preKeyCount: 0,
  }
}

/** The signed identity as a companion shows it to those that it writes to for the first time. */
export function shownAccount(account: proto.IADVSignedDeviceIdentity): Buffer {
  return Buffer.from(proto.ADVSignedDeviceIdentity.encode(account).finish())
}
