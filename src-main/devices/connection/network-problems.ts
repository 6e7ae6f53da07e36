import type { Device, EndReason } from '../device.ts'

/** What is wrong between this PC and WhatsApp where somebody can do something about it: a sentence and what to do. */
export const networkProblems: Partial<Record<EndReason, string>> = {
  proxy_unreachable: 'The proxy of the setting network.proxy, or of the system, does not answer.',
  proxy_login_required:
    'The proxy wants a user name and a password, or does not accept the ones it was given: write them into the setting ' +
    'network.proxy.',
  proxy_refused:
    'The proxy does not let this PC through to WhatsApp: *.whatsapp.com and *.whatsapp.net, port 443.',
  certificate_unknown:
    'Something between this PC and WhatsApp opens the secure connection, and this PC does not know it: as a rule an ' +
    'antivirus program, which has to leave out Kurir.',
  certificate_expired:
    'The certificate of the connection is out of date or not valid yet: check date and time of this PC.',
  certificate_wrong_name: 'Something else than WhatsApp answers: log in where this network has a login page.',
}

/** What keeps a device from WhatsApp at the moment; null where nothing of the kind does. */
export function networkProblemOf(device: Device | undefined): string | null {
  const state = device?.state
  if (state === undefined || state.name === 'connected' || state.name === 'pairing') return null
  return state.reason === null ? null : (networkProblems[state.reason] ?? null)
}
