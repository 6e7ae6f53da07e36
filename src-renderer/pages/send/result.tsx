import { Progress } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { Message, SubmitAnswer } from '../../../src-preload/contract.ts'
import { Card } from '../../ui/layout/card.tsx'
import { Ticks } from '../../ui/text/ticks.tsx'
import { FailureSentence } from '../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { phone } from '../../i18n/format.ts'
import classes from './send-page.module.css'

interface ResultProps {
  submitted: SubmitAnswer
  /** The newest form of its rows, by id. */
  messages: ReadonlyMap<string, Message>
}

/** What becomes of what was just sent, recipient by recipient, as it happens. */
export function Result({ submitted, messages }: ResultProps) {
  const { t } = useDictionary()
  const list = useRef<HTMLUListElement>(null)
  // A long form pushes it below the edge of the window. (Chromium answers with a promise, which is no clean-up.)
  useEffect(() => {
    list.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <Card title={t.send.result}>
      <ul ref={list} className={classes.results} aria-live="polite">
        {submitted.results.map(({ recipient, message, failure }) => (
          <li key={message?.id ?? recipient} className={classes.result}>
            <RecipientResult
              recipient={recipient}
              message={message === null ? null : (messages.get(message.id) ?? message)}
              refusal={failure}
            />
          </li>
        ))}
      </ul>
    </Card>
  )
}

interface RecipientResultProps {
  recipient: string
  message: Message | null
  refusal: Message['failure']
}

function RecipientResult({ recipient, message, refusal }: RecipientResultProps) {
  const failure = message?.failure ?? refusal
  return (
    <>
      <div className={classes.resultHead}>
        <span className="digits">{phone(message?.recipient ?? recipient)}</span>
        <Ticks state={message?.state ?? 'failed'} />
      </div>
      {message?.progress != null && <FileProgress progress={message.progress} />}
      {failure !== null && <FailureSentence code={failure.code} />}
    </>
  )
}

function FileProgress({ progress }: { progress: NonNullable<Message['progress']> }) {
  const { t, format } = useDictionary()
  const { bytes, total, stage } = progress
  const amount = total === null ? format.bytes(bytes) : `${Math.round((bytes / total) * 100)} %`
  const sentence = stage === 'fetching' ? t.send.fetching(amount) : t.send.uploadingTo(amount)
  return (
    <div>
      <span className="digits">{sentence}</span>
      <Progress
        value={total === null ? 100 : (bytes / total) * 100}
        animated={total === null}
        aria-label={sentence}
      />
    </div>
  )
}
