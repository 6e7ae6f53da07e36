import type { Listeners } from '../listeners.ts'
import { Acceptance } from './acceptance.ts'
import { Contacts } from './contacts.ts'
import { ContactsTable } from './contacts-table.ts'
import { Counts } from './counts.ts'
import { CountsTable } from './counts-table.ts'
import { Intake } from './intake.ts'
import { Ledger } from './ledger.ts'
import { LogTable } from './log-table.ts'
import { MarksTable } from './marks-table.ts'
import type { Message } from './message.ts'
import { MessagesTable } from './messages-table.ts'
import type { MessagesOptions } from './messages.ts'
import { Outbox } from './outbox.ts'
import { Pacer } from './pacer.ts'
import { Preparations } from './preparations.ts'
import { Quotes } from './quotes.ts'
import { RecallTable } from './recall-table.ts'
import { Receipts } from './receipts.ts'
import { RequestsTable } from './requests-table.ts'
import { RetentionTable } from './retention-table.ts'
import { Retention } from './retention.ts'
import { SameText } from './same-text.ts'
import { SearchIndex } from './search-index.ts'
import { SearchTable } from './search-table.ts'
import { Submissions } from './submissions.ts'
import { keptFileName } from './texts.ts'
import { WaitingBytes } from './waiting-bytes.ts'
import { WaitingQuota } from './waiting-quota.ts'

const unknownDisk = { freeBytes: Infinity, isLow: false, lowSentence: '' }

export type Rooms = ReturnType<typeof furnish>

/** Puts the parts of this room together: who knows whom. */
export function furnish(options: MessagesOptions, onChange: Listeners<Message>) {
  const { database, devices: carrier, media, settings, log } = options
  const now = options.now ?? Date.now
  const isShared = options.isShared ?? (() => false)
  const rows = new MessagesTable(database)
  const requests = new RequestsTable(database)
  const contacts = new Contacts(new ContactsTable(database))
  const counts = new Counts(new CountsTable(database))
  const recall = new RecallTable(database)
  const marks = new MarksTable(database)
  const pacer = new Pacer(
    settings,
    (deviceId, since, history, keyId) => recall.recall(deviceId, since, history, keyId),
    isShared,
  )
  const index = new SearchIndex({ database, table: new SearchTable(database), marks, log })
  const quotes = new Quotes({ rows, requests, carrier })
  const ledger = new Ledger({ database, rows, contacts, counts, onChange, log, now })
  const preparations = new Preparations({
    carrier,
    media,
    database,
    rows,
    requests,
    quotes,
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
    carrier,
    ledger,
    contacts,
    pacer,
    preparations,
    isPaused,
    rows,
    requests,
    waiting,
    log,
    now,
    expiryNow: options.retentionNow,
  })
  const acceptance = new Acceptance({
    database,
    rows,
    requests,
    marks,
    contacts,
    counts,
    pacer,
    carrier,
    index,
    onChange,
    settings,
    now,
  })
  const sameText = new SameText({
    log,
    now,
    warn: (request, note) => {
      const [job] = request.jobs
      if (job === undefined) return
      // What was not accepted has no story.
      void request.accepted.then(
        () => ledger.note(job, note),
        () => undefined,
      )
    },
  })
  const submissions = new Submissions({ database, rows, requests, outbox, now })
  const intake = new Intake({
    acceptance,
    carrier,
    database,
    outbox,
    preparations,
    quotes,
    requests,
    rows,
    sameText,
    settings,
    submissions,
    quota: new WaitingQuota({ outbox, waiting, settings, isShared }),
    disk,
    now,
  })
  const receipts = new Receipts({ database, rows, outbox, ledger, contacts, counts, onChange, log })
  const retention = new Retention({
    database,
    table: new RetentionTable(database),
    marks,
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
    marks,
    index,
    ledger,
    preparations,
    outbox,
    intake,
    receipts,
    sameText,
    submissions,
    log: new LogTable(database),
  }
}
