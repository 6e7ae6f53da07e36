import { renderUnicodeCompact } from 'uqr'
import type { Application } from '../../app/app.ts'
import type { Device, EndReason } from '../../devices/device.ts'
import { networkProblems } from '../../devices/connection/network-problems.ts'
import { Failure, sentenceOf } from '../../lib/failure.ts'
import { faultSentence, problemOf } from '../../lib/phone-numbers/number-fault.ts'
import { readNumber } from '../../lib/phone-numbers/read-number.ts'
import { printLine } from './print.ts'

/**
 * The device that `--pair` names, added where there is none; judged before the program says that it is ready.
 * @throws Failure number_…, device_connected
 */
export async function deviceToPair(
  { devices, settings, newDeviceKind }: Application,
  written: string,
): Promise<Device> {
  const read = readNumber(written, settings.get('numbers.countryCode'))
  if ('fault' in read) {
    throw new Failure(
      problemOf(read.fault),
      `--pair takes a phone number with its country code, not "${written}". ${faultSentence(read.fault)}`,
    )
  }
  const kept = devices.byNumber(read.number)
  if (kept !== undefined && isInUse(kept)) {
    throw new Failure('device_connected', `${read.number} is paired already: start again without --pair.`)
  }
  return kept ?? devices.add({ kind: newDeviceKind, number: read.number, name: read.number })
}

/** Paired, and connected or on its way there: pairing it anew would throw its link away. */
function isInUse({ paired, state }: Device): boolean {
  return paired && ['connected', 'connecting', 'waiting'].includes(state.name)
}

/**
 * Pairs a phone on a machine that has neither window nor browser: the QR is drawn in the terminal, each new one
 * below the last, until the phone is connected or the pairing has failed. Either way the program goes on.
 */
export async function pairInTerminal({ devices }: Application, device: Device): Promise<void> {
  printLine(`Pairing ${device.number}: on the phone, open WhatsApp, Linked devices, Link a device.`)
  let drawn = ''
  const unsubscribe = devices.onChange.add(({ id, state }) => {
    if (id !== device.id) return
    if (state.name === 'pairing' && state.qr !== null && state.qr.text !== drawn) {
      drawn = state.qr.text
      printLine(renderUnicodeCompact(drawn, { border: 2 }))
    } else if (state.name === 'connected') {
      unsubscribe()
      printLine(`${device.number} is connected.`)
    } else if (state.name === 'stopped' || (state.name === 'unpaired' && state.reason !== null)) {
      unsubscribe()
      printLine(
        `The phone could not be paired. ${whyNot(state.reason)} Start again with --pair, or use the window.`,
      )
    }
  })
  await devices.pair(device.id, 'qr').catch((error: unknown) => {
    unsubscribe()
    printLine(`The phone could not be paired: ${sentenceOf(error)}`)
  })
}

function whyNot(reason: EndReason | null): string {
  return (reason === null ? undefined : sentences[reason]) ?? `The reason is ${String(reason)}.`
}

const unreadable = 'WhatsApp sent something that this version cannot read: update Kurir.'
const noLine = 'WhatsApp cannot be reached: check the internet connection.'

/** The reasons for which a pairing can end; reasons of a connected device are not included. */
const sentences: Partial<Record<EndReason, string>> = {
  ...networkProblems,
  unreachable: noLine,
  unavailable: noLine,
  silence: noLine,
  line_closed: noLine,
  by_operator: 'It was ended in the window.',
  pairing_expired: 'The QR was not scanned in time: start again with the phone at hand.',
  pairing_refused:
    'The phone or WhatsApp rejected the link: check that it is online and has fewer than four linked devices.',
  code_refused: 'WhatsApp did not give a code for that number: check it, or link with the QR.',
  code_rate_limited: 'Too many codes were requested for that number: try again in a few hours.',
  passkey_required:
    'The account requires a passkey, which Kurir cannot provide: remove it on the phone, in WhatsApp, Settings, ' +
    'Account, Passkeys. If WhatsApp still asks for it, use another account for now.',
  wrong_phone: 'The phone that scanned the QR has a different number: scan with the right phone.',
  number_taken: 'That phone is already linked as another device: use that device.',
  version_outdated: 'WhatsApp no longer accepts this version: update Kurir.',
  client_refused: 'WhatsApp does not accept this program at the moment: update Kurir.',
  rate_limited: 'WhatsApp has seen too many connections from this PC: wait half an hour.',
  bad_frame: unreadable,
  bad_stanza: unreadable,
  library_failed: unreadable,
}
