import { setTimeout as pause } from 'node:timers/promises'
import type { Companion } from './companions.ts'
import type { ClientConnection } from '../server/client-connection.ts'
import { passkeyDemand, passkeyQuestion, refreshNotice } from '../notices.ts'
import { isNumber } from './sandbox-numbers.ts'
import { accept } from './sandbox-pairing.ts'
import type { Pairing } from './sandbox-pairing.ts'
import { ScanRefused } from './scan-refused.ts'
import type { SandboxContext } from '../sandbox-context.ts'

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
export async function scan(context: SandboxContext, text: string, number: string): Promise<Companion> {
  if (!isNumber(number))
    throw new ScanRefused('number_invalid', 'The number is not one: digits with country code.')
  const qr = readQr(text)
  if (qr === null) throw new ScanRefused('qr_invalid', 'The text is not that of a WhatsApp QR.')
  const line = context.lines.withReference(qr.reference)
  if (line?.pairing == null)
    throw new ScanRefused('qr_unknown', 'The QR is unknown here, used, or has run out.')
  const same = line.staticKey.equals(qr.noiseKey) && line.pairing.applicant.identity.equals(qr.identity)
  if (!same) {
    context.reports.add('pairing_invalid', number, 'the QR names other keys than its client has')
    throw new ScanRefused('qr_unknown', 'The QR names other keys than its client has.')
  }
  const passkey = context.faults.take(number, 'passkey')
  if (passkey !== undefined) {
    const id = line.newId()
    line.send(passkey.by === 'iq' ? passkeyQuestion(id) : passkeyDemand(context, id))
    throw new ScanRefused('passkey_required', 'The account wants a passkey, which the client has to answer.')
  }
  if (context.faults.take(number, 'refresh') !== undefined) {
    retire(context, line, line.pairing, 'pair-device-rotate-qr', qr.secret)
  }
  if (await isRetired(line.pairing, qr.secret)) {
    throw new ScanRefused('qr_retired', 'The QR was replaced: scan the one that is shown now.')
  }
  return accept(context, line, number, Buffer.from(qr.secret, 'base64'))
}

/** The secret in the QR of a client is retired before anybody scans it. `text` is what it shows, where that is known. */
export function refreshShown(
  context: SandboxContext,
  line: ClientConnection,
  text: string | undefined,
): void {
  if (line.pairing === null) return
  const secret = text === undefined ? undefined : readQr(text)?.secret
  retire(context, line, line.pairing, 'companion_reg_refresh', secret)
}

function retire(
  context: SandboxContext,
  line: ClientConnection,
  pairing: Pairing,
  child: Parameters<typeof refreshNotice>[2],
  secret: string | undefined,
): void {
  const id = line.newId()
  if (secret !== undefined) pairing.retiredSecrets.add(secret)
  pairing.unacknowledged.add(id)
  line.send(refreshNotice(context, id, child))
}

/** Milliseconds for the acknowledgement of a client that shows the new QR already. */
const acknowledgementMs = 1_000

/** A client that does not even acknowledge that its secret is retired still shows it. */
async function isRetired(pairing: Pairing, secret: string): Promise<boolean> {
  const giveUpAt = performance.now() + acknowledgementMs
  while (pairing.unacknowledged.size > 0 && performance.now() < giveUpAt) await pause(5)
  return pairing.unacknowledged.size > 0 || pairing.retiredSecrets.has(secret)
}
