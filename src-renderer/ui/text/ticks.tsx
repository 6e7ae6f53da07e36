import { IconAlertCircle, IconCheck, IconChecks, IconClock } from '@tabler/icons-react'
import type { MessageState } from '../../../src-preload/contract.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import classes from './ticks.module.css'

const icons: Record<MessageState, typeof IconCheck> = {
  queued: IconClock,
  sending: IconClock,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  played: IconChecks,
  failed: IconAlertCircle,
  expired: IconAlertCircle,
}

/** A state as WhatsApp draws it, always with its word. */
export function Ticks({ state }: { state: MessageState }) {
  const { t } = useDictionary()
  const Icon = icons[state]
  return (
    <span className={classes.ticks} data-state={state}>
      <Icon size={17} stroke={2} aria-hidden />
      <span>{t.messageStates[state]}</span>
    </span>
  )
}
