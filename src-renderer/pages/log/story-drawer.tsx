import { Button, Drawer, Stack, Text, Timeline } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Message, MessageStory } from '../../../src-preload/contract.ts'
import { Answer } from '../../components/answer.tsx'
import { Bubble } from '../../components/bubble.tsx'
import { isFirstClick } from '../../components/first-click.ts'
import { FormattedText } from '../../components/formatted-text.tsx'
import { pressBeside } from '../../components/press-beside.ts'
import { Ticks } from '../../components/ticks.tsx'
import { FailureSentence, Trouble } from '../../components/trouble.tsx'
import { useInertBehind } from '../../components/use-inert-behind.ts'
import { phone } from '../../i18n/format.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useAct, useAnswer } from '../../program/call.ts'
import classes from './story-drawer.module.css'
import { noteIn } from './story-note.ts'

/** What happened to one message, in order, why, and what can be done. Follows it while it is open. */
export function StoryDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { words } = useDictionary()
  useInertBehind()
  const story = useAnswer('messages.story', { id })
  return (
    <Drawer
      opened
      onClose={onClose}
      {...pressBeside(onClose)}
      position="right"
      size="30rem"
      title={words.story.title}
      closeButtonProps={{ 'aria-label': words.common.close }}
      transitionProps={{ duration: 120 }}
    >
      <Answer of={story}>{(found) => <Story story={found} />}</Answer>
    </Drawer>
  )
}

function Story({ story }: { story: MessageStory }) {
  const { message } = story
  return (
    <Stack gap="lg">
      <Said message={message} />
      {message.failure !== null && (
        <div className={classes.failure} role="alert">
          <FailureSentence code={message.failure.code} />
        </div>
      )}
      <Facts story={story} />
      <Happened story={story} />
      <Cause story={story} />
      <Again story={story} />
    </Stack>
  )
}

function Said({ message }: { message: Message }) {
  const { words } = useDictionary()
  return (
    <div className={classes.chat}>
      <Bubble side="mine" foot={<Ticks state={message.state} />}>
        {message.kind !== 'text' && (
          <div className={classes.file}>
            {words.messageKinds[message.kind]} {message.fileName}
          </div>
        )}
        {message.text !== null && <FormattedText text={message.text} />}
        {message.text === null && message.kind === 'text' && <em>{words.log.notKept}</em>}
      </Bubble>
    </div>
  )
}

function Facts({ story: { message, otherNumber } }: { story: MessageStory }) {
  const { words } = useDictionary()
  const device = useAnswer('devices.list', {}).data?.find(({ id }) => id === message.deviceId)
  return (
    <dl className={classes.facts}>
      <dt>{words.story.to}</dt>
      <dd className="digits">
        {phone(message.recipient)}
        {otherNumber !== null && ` (${words.story.otherNumber(phone(otherNumber))})`}
      </dd>
      {device !== undefined && (
        <>
          <dt>{words.story.from}</dt>
          <dd>{device.name}</dd>
        </>
      )}
      <dt>{words.story.id}</dt>
      <dd className={classes.code}>{message.id}</dd>
    </dl>
  )
}

function Happened({ story }: { story: MessageStory }) {
  const { words, format } = useDictionary()
  return (
    <section aria-label={words.story.happened}>
      <h2 className={classes.title}>{words.story.happened}</h2>
      <Timeline bulletSize={14} lineWidth={2} active={story.changes.length - 1}>
        {story.changes.map((change) => (
          <Timeline.Item key={`${change.at} ${change.state}`} title={words.messageStates[change.state]}>
            <Text size="sm" c="dimmed" className="digits">
              {format.short(change.at)}
            </Text>
            {change.note !== null && <Note note={change.note} />}
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  )
}

function Note({ note }: { note: string }) {
  const { story } = useDictionary().words
  const { text, language } = noteIn(story.notes, note)
  return (
    <Text size="sm" lang={language}>
      {text}
    </Text>
  )
}

function Cause({ story }: { story: MessageStory }) {
  const { words, format } = useDictionary()
  const { call, message } = story
  return (
    <section aria-label={words.story.cause}>
      <h2 className={classes.title}>{words.story.cause}</h2>
      {message.via === 'window' && <Text size="sm">{words.story.causeWindow}</Text>}
      {message.via === 'api' && (
        <Text size="sm">
          {words.log.by(message.keyName ?? '')}
          {call !== null && ` · ${format.short(call.at)}`}
        </Text>
      )}
      {call === null && message.via === 'api' && (
        <Text size="sm" c="dimmed">
          {words.story.causeGone}
        </Text>
      )}
      {call !== null && Object.keys(call.parameters).length > 0 && (
        <dl className={classes.facts}>
          {Object.entries(call.parameters).map(([name, value]) => (
            <div key={name} className={classes.fact}>
              <dt className={classes.code}>{name}</dt>
              <dd className={classes.code}>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

function Again({ story }: { story: MessageStory }) {
  const { words } = useDictionary()
  const resend = useAct('messages.resend', { showsFailure: true })
  const { state } = story.message
  if (state === 'queued' || state === 'sending') return null
  if (!story.canResend) {
    return (
      <Text size="sm" c="dimmed">
        {words.story.cannotAgain}
      </Text>
    )
  }
  return (
    <>
      {resend.isError && <Trouble error={resend.error} />}
      <Button
        variant={state === 'failed' || state === 'expired' ? 'filled' : 'default'}
        loading={resend.isPending}
        onClick={(event) => {
          if (!isFirstClick(event)) return
          resend.mutate(
            { id: story.message.id },
            { onSuccess: () => notifications.show({ message: words.story.sentAgain, color: 'lagoon' }) },
          )
        }}
      >
        {words.story.again}
      </Button>
    </>
  )
}
