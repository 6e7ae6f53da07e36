import type { Device, EndReason } from '../device.ts'

/** Problems between this PC and WhatsApp that somebody can solve: what is wrong and what to do. */
export const networkProblems: Partial<Record<EndReason, string>> = {
  proxy_unreachable: 'The proxy of the setting network.proxy, or of the system, is not responding. Check it.',
  proxy_login_required:
    'The proxy requires a user name and a password, or rejected the ones it got. Enter them in the setting ' +
    'network.proxy.',
  proxy_refused:
    'The proxy does not let this PC connect to WhatsApp. Ask the network administrator to allow *.whatsapp.com and ' +
    '*.whatsapp.net, port 443.',
  certificate_unknown:
    'A program between this PC and WhatsApp intercepts the secure connection, and this PC does not trust it. Usually it ' +
    'is an antivirus program: exclude Kurir there.',
  certificate_expired:
    'The certificate of the connection has expired or is not valid yet. Check the date and time of this PC.',
  certificate_wrong_name:
    'Another server answered instead of WhatsApp. If this network has a login page, log in there.',
}

/** The network problem that keeps a device from WhatsApp at the moment, or null. */
export function networkProblemOf(device: Device | undefined): string | null {
  const state = device?.state
  if (state === undefined || state.name === 'connected' || state.name === 'pairing') return null
  return state.reason === null ? null : (networkProblems[state.reason] ?? null)
}
