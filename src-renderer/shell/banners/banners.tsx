import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCloudOff, IconPlayerPause } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallMutation, useCallQuery } from '../../program/ipc-call.ts'
import classes from './banners.module.css'
import { goTo } from '../page-route.ts'
import { useLink } from '../use-link.ts'

/** What concerns every page: nobody there, paused, disk full, API down. At most one line each. */
export function Banners() {
  const { link: linkWords, status } = useDictionary().t.common
  const link = useLink()
  const program = useCallQuery('program.status', {}).data
  const api = useCallQuery('api.status', {}).data
  const resume = useCallMutation('messages.resume')
  const storage = program?.storage ?? 'ok'
  return (
    <div aria-live="polite">
      {link === 'offline' && (
        <Banner tone="bad" icon={<IconCloudOff size={18} aria-hidden />} text={linkWords.offline} />
      )}
      {storage !== 'ok' && (
        <Banner tone="bad" icon={<IconAlertTriangle size={18} aria-hidden />} text={status[storage]} />
      )}
      {api !== undefined && api.state === 'failed' && (
        <Banner
          tone="bad"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          text={status.apiStopped}
          action={{ name: status.look, act: () => goTo('api') }}
        />
      )}
      {program?.paused === true && (
        <Banner
          tone="busy"
          icon={<IconPlayerPause size={18} aria-hidden />}
          text={status.paused}
          action={{ name: status.resume, act: () => resume.mutate({}) }}
        />
      )}
    </div>
  )
}

interface BannerProps {
  tone: 'bad' | 'busy'
  icon: ReactNode
  text: string
  action?: { name: string; act: () => void }
}

function Banner({ tone, icon, text, action }: BannerProps) {
  return (
    <div className={classes.banner} data-tone={tone}>
      {icon}
      <span className={classes.text}>{text}</span>
      {action !== undefined && (
        <Button size="compact-sm" variant="default" onClick={action.act}>
          {action.name}
        </Button>
      )}
    </div>
  )
}
