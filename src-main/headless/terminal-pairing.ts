import { renderUnicodeCompact } from 'uqr'
import type { Application } from '../app.ts'
import type { Device } from '../devices/device.ts'
import { Failure } from '../failure.ts'
import { normaliseNumber } from '../messages/phone-number.ts'
import { printLine } from './console.ts'

/**
 * Pairs a phone on a machine that has neither window nor browser: the QR is drawn in the terminal, each new one
 * below the last, until the phone is connected or the pairing has failed.
 * @throws Failure number_…, device_connected, pairing_failed
 */
export async function pairInTerminal(application: Application, written: string): Promise<void> {
  const device = await deviceToPair(application, written)
  printLine(`Pairing ${device.number}: on the phone, open WhatsApp, Linked devices, Link a device.`)
  let drawn = ''
  await new Promise<void>((resolve, reject) => {
    const heard = application.devices.onChange.add((changed) => {
      if (changed.id !== device.id) return
      const { state } = changed
      if (state.name === 'pairing' && state.qr !== null && state.qr.text !== drawn) {
        drawn = state.qr.text
        printLine(renderUnicodeCompact(drawn, { border: 2 }))
      } else if (state.name === 'connected') {
        heard()
        printLine(`${device.number} is connected.`)
        resolve()
      } else if (state.name === 'stopped' || (state.name === 'unpaired' && state.reason !== null)) {
        heard()
        reject(new Failure('pairing_failed', `The phone could not be paired: ${state.reason}.`))
      }
    })
    application.devices.pair(device.id, 'qr').catch(reject)
  })
}

async function deviceToPair(
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
