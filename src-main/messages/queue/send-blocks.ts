import type { Device } from '../../devices/device.ts'
import type { Contacts } from '../store/known-contacts.ts'
import type { Job } from '../submit/pending-request.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { FailureInfo } from '../log/failure-messages.ts'
import { sendLimitReached, newChatQuotaUsed, timeLocked } from '../log/failure-messages.ts'

/** What holds a message back whose turn it is, and until when; Infinity where nobody knows. */
export interface SendBlock {
  kind: 'time lock' | 'quota' | 'ceiling'
  reason: FailureInfo
  until: number
}

/** What WhatsApp or the pace has against handing a message over now; null where nothing. */
export function sendBlockFor(
  job: Job,
  device: Device,
  { contacts, rateLimiter, now }: { contacts: Contacts; rateLimiter: RateLimiter; now: number },
): SendBlock | null {
  // What was handed over before is only sent again: it is no new message.
  const locked = device.timeLock !== null && job.message.state === 'queued'
  if (locked && contacts.isNew(job.message)) {
    const { until } = device.timeLock ?? { until: null }
    return { kind: 'time lock', reason: timeLocked(until), until: until ?? Infinity }
  }
  const { newChatQuota } = device
  if (newChatQuota?.usedUp === true && !job.mayHaveLeft && contacts.isNew(job.message)) {
    const { until } = newChatQuota
    return { kind: 'quota', reason: newChatQuotaUsed(until), until: until ?? Infinity }
  }
  if (job.counted !== 'no' || !rateLimiter.isOn(device)) return null
  const newContact = contacts.isNew(job.message)
  const sendLimit = rateLimiter.sendLimit(device, newContact, now, job.request.keyId)
  if (sendLimit.reached !== null) {
    return { kind: 'ceiling', reason: sendLimitReached(sendLimit), until: sendLimit.until }
  }
  rateLimiter.count(job.request, newContact, now)
  job.counted = newContact ? 'new' : 'known'
  return null
}
