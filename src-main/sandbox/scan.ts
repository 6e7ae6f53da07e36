import type { Companion } from './companions.ts'
import { passkeyDemand } from './notices.ts'
import { isNumber } from './numbers.ts'
import { accept } from './pairing.ts'
import { ScanRefused } from './scan-refused.ts'
import type { World } from './world.ts'

/** A QR's text: `https://wa.me/settings/linked_devices#reference,noise key,identity,adv secret,platform`. */
function readQr(
  text: string,
): { reference: string; noiseKey: Buffer; identity: Buffer; advSecret: Buffer } | null {
  const [reference, noiseKey, identity, advSecret] = text.slice(text.indexOf('#') + 1).split(',')
  if (!reference || !noiseKey || !identity || !advSecret) return null
  return {
    reference,
    noiseKey: Buffer.from(noiseKey, 'base64'),
    identity: Buffer.from(identity, 'base64'),
    advSecret: Buffer.from(advSecret, 'base64'),
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
  if (world.faults.take(number, 'passkey') !== undefined) {
    line.send(passkeyDemand(world, line.newId()))
    throw new ScanRefused('passkey_required', 'The account wants a passkey, which the client has to answer.')
  }
  return accept(world, line, number, qr.advSecret)
}
