import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useDictionary } from '../i18n/dictionary.tsx'
import { isFirstClick } from '../ui/overlay/first-click.ts'
import { useCallMutation, useCallQuery } from '../program/ipc-call.ts'
import classes from './navigation.module.css'
import { useLink } from './use-link.ts'

/** What a glance should tell: whether the API runs, whether messages wait; and the brake. */
export function SideStatus() {
  const { t } = useDictionary()
  const { status, link: linkWords } = t.common
  const link = useLink()
  const program = useCallQuery('program.status', {}).data
  const api = useCallQuery('api.status', {}).data
  const pause = useCallMutation('messages.pause')
  const resume = useCallMutation('messages.resume')
  if (program === undefined || api === undefined) return null
  const runs = link === 'online' && api.state === 'running'
  const apiSentence = runs ? status.apiRuns : status.apiOff
  const sentence = link === 'online' ? apiSentence : linkWords.connecting
  return (
    <footer className={classes.status}>
      <div className={classes.line} title={sentence}>
        <span className={classes.dot} data-good={runs || undefined} />
        <span>{sentence}</span>
      </div>
      {program.outbox > 0 && (
        <div className={classes.line} role="status">
          <span>{status.waiting(program.outbox)}</span>
        </div>
      )}
      <Button
        size="compact-sm"
        variant={program.paused ? 'filled' : 'default'}
        className={classes.pause}
        leftSection={program.paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
        loading={pause.isPending || resume.isPending}
        onClick={(event) => {
          if (isFirstClick(event)) (program.paused ? resume : pause).mutate({})
        }}
      >
        {program.paused ? status.resume : status.pause}
      </Button>
    </footer>
  )
}
