import { Button, Text } from '@mantine/core'
import { IconDownload, IconFileText } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { InboxMessage } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'
import { ErrorAlert } from '../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { call } from '../../program/ipc-call.ts'
import { readParts } from '../../program/use-downloads.ts'
import classes from './sandbox-page.module.css'

/** A received picture, video, voice note or document; fetched when it comes into view. */
export function ReceivedFile({ message }: { message: InboxMessage }) {
  const { t } = useDictionary()
  const shown = message.kind !== 'document'
  const file = useFile(message, shown)
  if (file.failure !== null) return <ErrorAlert error={file.failure} onAgain={file.again} />
  const label = message.fileName ?? t.messageKinds[message.kind]
  if (message.kind === 'document') return <ReceivedDocument message={message} />
  if (file.url === null) return <div className={classes.waiting} data-kind={message.kind} />
  switch (message.kind) {
    case 'image':
      return <img src={file.url} alt={label} className={classes.picture} />
    case 'video':
      return <video src={file.url} controls className={classes.picture} aria-label={label} />
    case 'audio':
    case 'voice':
    case 'text':
      return (
        <div>
          {message.kind === 'voice' && <Text size="xs">{t.sandbox.play}</Text>}
          <audio src={file.url} controls className={classes.sound} aria-label={label} />
        </div>
      )
    default:
      return assertNever(message.kind)
  }
}

function ReceivedDocument({ message }: { message: InboxMessage }) {
  const { t, format } = useDictionary()
  const name = message.fileName ?? t.messageKinds.document
  const [failure, setFailure] = useState<unknown>(null)
  if (failure !== null) return <ErrorAlert error={failure} onAgain={() => setFailure(null)} />
  return (
    <div className={classes.document}>
      <IconFileText size={28} stroke={1.5} aria-hidden />
      <div className={classes.documentName}>
        {name}
        {message.bytes !== null && <div className={classes.time}>{format.bytes(message.bytes)}</div>}
      </div>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t.sandbox.save(name)}
        onClick={() => void save(message, name).catch(setFailure)}
      >
        <IconDownload size={16} aria-hidden />
      </Button>
    </div>
  )
}

const read = (message: InboxMessage) =>
  readParts((offset) => call('sandbox.file', { id: message.id, offset }), message.mimeType ?? undefined)

async function save(message: InboxMessage, name: string): Promise<void> {
  const url = URL.createObjectURL(await read(message))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

function useFile(message: InboxMessage, wanted: boolean) {
  const [url, setUrl] = useState<string | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    if (!wanted) return undefined
    let made: string | null = null
    let gone = false
    read(message).then((blob) => {
      if (gone) return
      made = URL.createObjectURL(blob)
      setFailure(null)
      setUrl(made)
    }, setFailure)
    return () => {
      gone = true
      if (made !== null) URL.revokeObjectURL(made)
    }
    // A message's file never changes: its id stands for it.
    // oxlint-disable-next-line react/exhaustive-deps -- a message is its id; the object is new with every list
  }, [message.id, wanted, attempt])
  return { url, failure, again: () => setAttempt(attempt + 1) }
}
