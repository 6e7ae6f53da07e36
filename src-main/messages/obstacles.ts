import type { Device } from '../devices/device.ts'
import type { Contacts } from './contacts.ts'
import type { Job } from './live-request.ts'
import type { Pacer } from './pacer.ts'
import type { Reason } from './sentences.ts'
import { ceilingReached, newChatQuotaUsed, timeLocked } from './sentences.ts'

/** What holds a message back whose turn it is, and until when; Infinity where nobody knows. */
export interface Obstacle {
  kind: 'time lock' | 'quota' | 'ceiling'
  reason: Reason
  until: number
}

/** What WhatsApp or the pace has against handing a message over now; null where nothing. */
export function obstacleFor(
  job: Job,
  device: Device,
  { contacts, pacer, now }: { contacts: Contacts; pacer: Pacer; now: number },
): Obstacle | null {
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
  if (job.counted !== 'no' || !pacer.isOn(device)) return null
  const newContact = contacts.isNew(job.message)
  const ceiling = pacer.ceiling(device, newContact, now, job.request.keyId)
  if (ceiling.reached !== null) {
    return { kind: 'ceiling', reason: ceilingReached(ceiling), until: ceiling.until }
  }
  pacer.count(job.request, newContact, now)
  job.counted = newContact ? 'new' : 'known'
  return null
}
