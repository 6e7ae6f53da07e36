import type { Listeners } from '../lib/listeners.ts'
import { Enqueuer } from './submit/enqueuer.ts'
import { Contacts } from './store/known-contacts.ts'
import { ContactsTable } from './store/contacts-table.ts'
import { Counts } from './log/daily-counts.ts'
import { CountsTable } from './store/counts-table.ts'
import { MessageService } from './submit/message-service.ts'
import { MessageStore } from './store/message-store.ts'
import { LogTable } from './store/log-table.ts'
import { CheckpointsTable } from './store/checkpoints-table.ts'
import type { Message } from './message.ts'
import { MessagesTable } from './store/messages-table.ts'
import type { MessagesOptions } from './messages.ts'
import { Outbox } from './queue/outbox.ts'
import { RateLimiter } from './queue/rate-limiter.ts'
import { MediaPreparation } from './sending/media-preparation.ts'
import { QuotedMessages } from './sending/quoted-messages.ts'
import { SendHistoryTable } from './store/send-history-table.ts'
import { Receipts } from './sending/message-receipts.ts'
import { RequestsTable } from './store/requests-table.ts'
import { RetentionTable } from './store/retention-table.ts'
import { Retention } from './log/retention.ts'
import { DuplicateTextDetector } from './submit/duplicate-text.ts'
import { SearchIndex } from './log/search-index.ts'
import { SearchTable } from './store/search-table.ts'
import { Submissions } from './submit/submissions.ts'
import { keptFileName } from './log/redact-text.ts'
import { WaitingBytes } from './submit/waiting-bytes.ts'
import { WaitingQuota } from './submit/waiting-quota.ts'

const unknownDisk = { freeBytes: Infinity, isLow: false, lowSentence: '' }

export type MessageModules = ReturnType<typeof createMessages>

/** Creates the parts of this module and connects them. */
export function createMessages(options: MessagesOptions, onChange: Listeners<Message>) {
  const { database, devices: gateway, media, settings, log } = options
  const now = options.now ?? Date.now
  const isShared = options.isShared ?? (() => false)
  const rows = new MessagesTable(database)
  const requests = new RequestsTable(database)
  const contacts = new Contacts(new ContactsTable(database))
  const counts = new Counts(new CountsTable(database))
  const sendHistory = new SendHistoryTable(database)
  const checkpoints = new CheckpointsTable(database)
  const rateLimiter = new RateLimiter(
    settings,
    (deviceId, since, history, keyId) => sendHistory.sendHistory(deviceId, since, history, keyId),
    isShared,
  )
  const index = new SearchIndex({ database, table: new SearchTable(database), checkpoints, log })
  const quotedMessages = new QuotedMessages({ rows, requests, gateway })
  const store = new MessageStore({ database, rows, contacts, counts, onChange, log, now })
  const mediaPreparation = new MediaPreparation({
    gateway,
    media,
    database,
    rows,
    requests,
    quotedMessages,
    index,
    show: (message) => onChange.emit(message),
    keptFileName: (fileName) => keptFileName(fileName, settings.get('log.keepTexts')),
    log,
    now,
  })
  const disk = options.disk ?? unknownDisk
  const waiting = new WaitingBytes(disk)
  const isPaused = (): boolean => settings.get('sending.paused')
  const outbox = new Outbox({
    gateway,
    store,
    contacts,
    rateLimiter,
    mediaPreparation,
    isPaused,
    rows,
    requests,
    waiting,
    log,
    now,
    expiryNow: options.retentionNow,
  })
  const enqueuer = new Enqueuer({
    database,
    rows,
    requests,
    checkpoints,
    contacts,
    counts,
    rateLimiter,
    gateway,
    index,
    onChange,
    settings,
    now,
  })
  const duplicateText = new DuplicateTextDetector({
    log,
    now,
    warn: (request, note) => {
      const [job] = request.jobs
      if (job === undefined) return
      // What was not accepted has no story.
      void request.accepted.then(
        () => store.note(job, note),
        () => undefined,
      )
    },
  })
  const submissions = new Submissions({ database, rows, requests, outbox, now })
  const service = new MessageService({
    enqueuer,
    gateway,
    database,
    outbox,
    mediaPreparation,
    quotedMessages,
    requests,
    rows,
    duplicateText,
    settings,
    submissions,
    quota: new WaitingQuota({ outbox, waiting, settings, isShared }),
    disk,
    now,
  })
  const receipts = new Receipts({ database, rows, outbox, store, contacts, counts, onChange, log })
  const retention = new Retention({
    database,
    table: new RetentionTable(database),
    checkpoints,
    index,
    settings,
    log,
    now: options.retentionNow ?? now,
  })
  return {
    rows,
    retention,
    requests,
    counts,
    checkpoints,
    index,
    store,
    mediaPreparation,
    outbox,
    service,
    receipts,
    duplicateText,
    submissions,
    log: new LogTable(database),
  }
}
