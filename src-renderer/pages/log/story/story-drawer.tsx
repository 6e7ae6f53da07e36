import { Button, Drawer, Stack, Text, Timeline } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Message, MessageStory } from '../../../../src-preload/contract.ts'
import { QueryBoundary } from '../../../ui/layout/query-boundary.tsx'
import { Bubble } from '../../../ui/text/bubble.tsx'
import { isFirstClick } from '../../../ui/overlay/first-click.ts'
import { FormattedText } from '../../../ui/text/formatted-text.tsx'
import { onClickOutside } from '../../../ui/overlay/on-click-outside.ts'
import { Ticks } from '../../../ui/text/ticks.tsx'
import { FailureSentence, ErrorAlert } from '../../../ui/layout/error-alert.tsx'
import { useInertBehind } from '../../../ui/overlay/use-inert-behind.ts'
import { phone } from '../../../i18n/format.ts'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import { useCallMutation, useCallQuery } from '../../../program/ipc-call.ts'
import classes from './story-drawer.module.css'
import { noteIn } from './story-note.ts'

/** What happened to one message, in order, why, and what can be done. Follows it while it is open. */
export function StoryDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useDictionary()
  useInertBehind()
  const story = useCallQuery('messages.story', { id })
  return (
    <Drawer
      opened
      onClose={onClose}
      {...onClickOutside(onClose)}
      position="right"
      size="30rem"
      title={t.story.title}
      closeButtonProps={{ 'aria-label': t.common.close }}
      transitionProps={{ duration: 120 }}
    >
      <QueryBoundary of={story}>{(found) => <Story story={found} />}</QueryBoundary>
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
  const { t } = useDictionary()
  return (
    <div className={classes.chat}>
      <Bubble side="mine" foot={<Ticks state={message.state} />}>
        {message.kind !== 'text' && (
          <div className={classes.file}>
            {t.messageKinds[message.kind]} {message.fileName}
          </div>
        )}
        {message.text !== null && <FormattedText text={message.text} />}
        {message.text === null && message.kind === 'text' && <em>{t.log.notKept}</em>}
      </Bubble>
    </div>
  )
}

function Facts({ story: { message, otherNumber } }: { story: MessageStory }) {
  const { t } = useDictionary()
  const device = useCallQuery('devices.list', {}).data?.find(({ id }) => id === message.deviceId)
  return (
    <dl className={classes.facts}>
      <dt>{t.story.to}</dt>
      <dd className="digits">
        {phone(message.recipient)}
        {otherNumber !== null && ` (${t.story.otherNumber(phone(otherNumber))})`}
      </dd>
      {device !== undefined && (
        <>
          <dt>{t.story.from}</dt>
          <dd>{device.name}</dd>
        </>
      )}
      <dt>{t.story.id}</dt>
      <dd className={classes.code}>{message.id}</dd>
    </dl>
  )
}

function Happened({ story }: { story: MessageStory }) {
  const { t, format } = useDictionary()
  return (
    <section aria-label={t.story.happened}>
      <h2 className={classes.title}>{t.story.happened}</h2>
      <Timeline bulletSize={14} lineWidth={2} active={story.changes.length - 1}>
        {story.changes.map((change) => (
          <Timeline.Item key={`${change.at} ${change.state}`} title={t.messageStates[change.state]}>
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
  const { story } = useDictionary().t
  const { text, language } = noteIn(story.notes, note)
  return (
    <Text size="sm" lang={language}>
      {text}
    </Text>
  )
}

function Cause({ story }: { story: MessageStory }) {
  const { t, format } = useDictionary()
  const { call, message } = story
  return (
    <section aria-label={t.story.cause}>
      <h2 className={classes.title}>{t.story.cause}</h2>
      {message.via === 'window' && <Text size="sm">{t.story.causeWindow}</Text>}
      {message.via === 'api' && (
        <Text size="sm">
          {t.log.by(message.keyName ?? '')}
          {call !== null && ` · ${format.short(call.at)}`}
        </Text>
      )}
      {call === null && message.via === 'api' && (
        <Text size="sm" c="dimmed">
          {t.story.causeGone}
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
  const { t } = useDictionary()
  const resend = useCallMutation('messages.resend', { showsFailure: true })
  const { state } = story.message
  if (state === 'queued' || state === 'sending') return null
  if (!story.canResend) {
    return (
      <Text size="sm" c="dimmed">
        {t.story.cannotAgain}
      </Text>
    )
  }
  return (
    <>
      {resend.isError && <ErrorAlert error={resend.error} />}
      <Button
        variant={state === 'failed' || state === 'expired' ? 'filled' : 'default'}
        loading={resend.isPending}
        onClick={(event) => {
          if (!isFirstClick(event)) return
          resend.mutate(
            { id: story.message.id },
            { onSuccess: () => notifications.show({ message: t.story.sentAgain, color: 'lagoon' }) },
          )
        }}
      >
        {t.story.again}
      </Button>
    </>
  )
}
