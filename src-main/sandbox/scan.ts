import { setTimeout as pause } from 'node:timers/promises'
import type { Companion } from './companions.ts'
import type { Line } from './line.ts'
import { passkeyDemand, passkeyQuestion, refreshNotice } from './notices.ts'
import { isNumber } from './numbers.ts'
import { accept } from './pairing.ts'
import type { Pairing } from './pairing.ts'
import { ScanRefused } from './scan-refused.ts'
import type { World } from './world.ts'

/** A QR's text: `https://wa.me/settings/linked_devices#reference,noise key,identity,adv secret,platform`. */
function readQr(
  text: string,
): { reference: string; noiseKey: Buffer; identity: Buffer; secret: string } | null {
  const [reference, noiseKey, identity, advSecret] = text.slice(text.indexOf('#') + 1).split(',')
  if (!reference || !noiseKey || !identity || !advSecret) return null
  return {
    reference,
    noiseKey: Buffer.from(noiseKey, 'base64'),
    identity: Buffer.from(identity, 'base64'),
    secret: advSecret,
  }
}

/** The phone of `number` scans a QR; resolves once the client is linked. Throws ScanRefused. */
export async function scan(world: World, text: string, number: string): Promise<Companion> {
  if (!isNumber(number))
    throw new ScanRefused('number_invalid', 'The number is not one: digits with country code.')
  const qr = readQr(text)
  if (qr === null) throw new ScanRefused('qr_invalid', 'The text is not that of a WhatsApp QR.')
  const line = world.lines.withReference(qr.reference)
  if (line?.pairing == null)
    throw new ScanRefused('qr_unknown', 'The QR is unknown here, used, or has run out.')
  const same = line.staticKey.equals(qr.noiseKey) && line.pairing.applicant.identity.equals(qr.identity)
  if (!same) {
    world.reports.add('pairing_invalid', number, 'the QR names other keys than its client has')
    throw new ScanRefused('qr_unknown', 'The QR names other keys than its client has.')
  }
  const passkey = world.faults.take(number, 'passkey')
  if (passkey !== undefined) {
    const id = line.newId()
    line.send(passkey.by === 'iq' ? passkeyQuestion(id) : passkeyDemand(world, id))
    throw new ScanRefused('passkey_required', 'The account wants a passkey, which the client has to answer.')
  }
  if (world.faults.take(number, 'refresh') !== undefined) {
    retire(world, line, line.pairing, 'pair-device-rotate-qr', qr.secret)
  }
  if (await isRetired(line.pairing, qr.secret)) {
    throw new ScanRefused('qr_retired', 'The QR was replaced: scan the one that is shown now.')
  }
  return accept(world, line, number, Buffer.from(qr.secret, 'base64'))
}

/** The secret in the QR of a client is retired before anybody scans it. `text` is what it shows, where that is known. */
export function refreshShown(world: World, line: Line, text: string | undefined): void {
  if (line.pairing === null) return
  const secret = text === undefined ? undefined : readQr(text)?.secret
  retire(world, line, line.pairing, 'companion_reg_refresh', secret)
}

function retire(
  world: World,
  line: Line,
  pairing: Pairing,
  child: Parameters<typeof refreshNotice>[2],
  secret: string | undefined,
): void {
  const id = line.newId()
  if (secret !== undefined) pairing.retiredSecrets.add(secret)
  pairing.unacknowledged.add(id)
  line.send(refreshNotice(world, id, child))
}

/** Milliseconds for the acknowledgement of a client that shows the new QR already. */
const acknowledgementMs = 1_000

/** A client that does not even acknowledge that its secret is retired still shows it. */
async function isRetired(pairing: Pairing, secret: string): Promise<boolean> {
  const giveUpAt = performance.now() + acknowledgementMs
  while (pairing.unacknowledged.size > 0 && performance.now() < giveUpAt) await pause(5)
  return pairing.unacknowledged.size > 0 || pairing.retiredSecrets.has(secret)
}
