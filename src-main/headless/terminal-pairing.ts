import { renderUnicodeCompact } from 'uqr'
import type { Application } from '../app.ts'
import type { Device } from '../devices/device.ts'
import { Failure, sentenceOf } from '../failure.ts'
import { normaliseNumber } from '../messages/phone-number.ts'
import { printLine } from './console.ts'

/**
 * The device that `--pair` names, added where there is none; judged before the program says that it is ready.
 * @throws Failure number_…, device_connected
 */
export async function deviceToPair(
  { devices, settings, newDeviceKind }: Application,
  written: string,
): Promise<Device> {
  const read = normaliseNumber(written, settings.get('numbers.countryCode'))
  if ('problem' in read) {
    throw new Failure(read.problem, `--pair takes a phone number with its country code, not "${written}".`)
  }
  const kept = devices.byNumber(read.number)
  if (kept?.state.name === 'connected') {
    throw new Failure('device_connected', `${read.number} is connected already.`)
  }
  return kept ?? devices.add({ kind: newDeviceKind, number: read.number, name: read.number })
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
      printLine(`The phone could not be paired: ${state.reason}. Start again with --pair, or use the window.`)
    }
  })
  await devices.pair(device.id, 'qr').catch((thrown: unknown) => {
    unsubscribe()
    printLine(`The phone could not be paired: ${sentenceOf(thrown)}`)
  })
}
