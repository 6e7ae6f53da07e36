import type { Device } from '../../devices/device.ts'
import { networkProblemOf } from '../../devices/connection/network-problems.ts'
import type { FailureCode } from '../../lib/failure-codes.ts'
import type { SendLimit } from '../queue/send-limits.ts'

/** Why a message failed or waits: the code for programs, the reason for people. */
export interface FailureInfo {
  code: FailureCode
  reason: string
  /** When it is worth trying again, in milliseconds since the epoch. */
  until?: number
}

export const disconnected: FailureInfo = {
  code: 'device_disconnected',
  reason: 'The device is not connected; nothing was sent. Connect it in the window, or send with queue=1.',
}
/** The same with what keeps the device from WhatsApp, where a proxy or a certificate does. */
export function withNetworkProblem(reason: FailureInfo, device: Device | undefined): FailureInfo {
  const problem = networkProblemOf(device)
  return problem === null ? reason : { ...reason, reason: `${reason.reason} ${problem}` }
}
/** To a caller one that is not paired is not connected, whatever else it is. */
export const disconnectedUnpaired: FailureInfo = {
  code: 'device_disconnected',
  reason:
    'The device is not connected because it is not paired with a phone. Nothing was sent. Pair it in the window, or by ' +
    '/generate-qr.',
}
/** Nobody knows whether a phone will ever be paired with it. */
export const notPaired: FailureInfo = {
  code: 'sender_not_paired',
  reason:
    'The device is not paired with a phone, so no message can wait for it. Pair it in the window, or by ' +
    '/generate-qr.',
}
export const waitsForDevice: FailureInfo = {
  code: 'device_disconnected',
  reason: 'The device is not connected; the message waits for it.',
}
export const paused: FailureInfo = {
  code: 'sending_paused',
  reason: 'The operator has paused sending. Resume it in the window or the tray.',
}
export const notConfirmed: FailureInfo = {
  code: 'not_confirmed',
  reason:
    'WhatsApp has not acknowledged the message yet. It stays in the outbox. Repeat the same call to get its outcome.',
}
export const expired: FailureInfo = {
  code: 'expired',
  reason: 'WhatsApp did not acknowledge the message within 24 hours, so Kurir gave up. It may have arrived.',
}
export const deviceRemoved: FailureInfo = {
  code: 'device_not_found',
  reason: 'The device was removed before the message was sent.',
}
export const deviceRemovedUnknown: FailureInfo = {
  code: 'expired',
  reason: 'The device was removed before WhatsApp acknowledged the message; it may have arrived.',
}
export const notKept: FailureInfo = {
  code: 'text_not_kept',
  reason: 'The content of this message is no longer stored. Send it again.',
}
export const notOnWhatsApp = (number: string): FailureInfo => ({
  code: 'not_on_whatsapp',
  reason: `${number} is not on WhatsApp.`,
})
export const lookupFailed: FailureInfo = {
  code: 'lookup_failed',
  reason: 'WhatsApp did not answer whether the number exists; nothing was sent.',
}

export function timeLocked(until: number | null): FailureInfo {
  const when = until === null ? 'until it removes the restriction' : `until ${timeText(until)}`
  return {
    code: 'time_locked',
    reason: `WhatsApp does not let this account write to new contacts ${when}. Known contacts still get messages.`,
    ...(until === null ? {} : { until }),
  }
}

export function newChatQuotaUsed(until: number | null): FailureInfo {
  const when = until === null ? 'until the quota resets' : `until ${timeText(until)}`
  return {
    code: 'new_chat_quota_used',
    reason: `WhatsApp does not let this account start new chats ${when}. Known contacts still get messages.`,
    ...(until === null ? {} : { until }),
  }
}

export function sendLimitReached(sendLimit: SendLimit & { reached: string }): FailureInfo {
  const what =
    sendLimit.isShare === true
      ? 'This API key has used its share of a device that other keys use, too:'
      : 'The device has reached its limit of'
  return {
    code: 'ceiling_reached',
    reason: `${what} ${sendLimit.sendLimit} ${sendLimit.reached}; sending is possible again at ${timeText(sendLimit.until)}.`,
    until: sendLimit.until,
  }
}

/** For people and programs alike: ISO 8601 to the second, in UTC. */
function timeText(at: number): string {
  return `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)}Z`
}
