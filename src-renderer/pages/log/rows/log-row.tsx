import { Skeleton } from '@mantine/core'
import { memo } from 'react'
import type { Message } from '../../../../src-preload/contract.ts'
import { plainText } from '../../../ui/text/formatting.ts'
import { Ticks } from '../../../ui/text/ticks.tsx'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import { useCallQuery } from '../../../program/ipc-call.ts'
import classes from '../log-page.module.css'

export const rowHeight = 44

/** Characters of a text that fit into a row, and more. */
const seen = 300

interface LogRowProps {
  index: number
  /** Pixels from the top of the scrolled element. */
  top: number
  message: Message | null
  /** Whether it is the one row that Tab reaches. */
  current: boolean
  onFocus: () => void
  onOpen: (id: string) => void
}

export const LogRow = memo(DrawnRow, (before, after) =>
  (['index', 'top', 'message', 'current'] as const).every((name) => before[name] === after[name]),
)

function DrawnRow({ index, top, message, current, onFocus, onOpen }: LogRowProps) {
  const place = { transform: `translateY(${top}px)`, height: rowHeight }
  if (message === null) return <LoadingRow index={index} place={place} />
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys use the button inside; this is a larger target for the mouse
    <div
      role="row"
      className={classes.row}
      style={place}
      aria-rowindex={index + 2}
      data-row={index}
      onClick={() => onOpen(message.id)}
    >
      <Cells message={message} current={current} onFocus={onFocus} />
    </div>
  )
}

function Cells({ message, current, onFocus }: { message: Message; current: boolean; onFocus: () => void }) {
  const { t, format } = useDictionary()
  const device = useCallQuery('devices.list', {}).data?.find(({ id }) => id === message.deviceId)
  return (
    <>
      <div role="cell" className={`${classes.cell} ${classes.quiet} ${classes.middle} digits`}>
        {format.short(message.createdAt)}
      </div>
      <div role="cell" className={classes.cell}>
        <button type="button" className={classes.open} tabIndex={current ? 0 : -1} onFocus={onFocus}>
          {message.recipient}
        </button>
      </div>
      <div role="cell" className={`${classes.cell} ${classes.middle}`}>
        <Content message={message} />
      </div>
      <div role="cell" className={`${classes.cell} ${classes.quiet} ${classes.wide}`}>
        {device?.name ?? ''}
      </div>
      <div role="cell" className={`${classes.cell} ${classes.quiet} ${classes.wide}`}>
        {message.via === 'window' ? t.log.window : (message.keyName ?? t.common.navigation.api)}
      </div>
      <div role="cell" className={classes.cell}>
        <Ticks state={message.state} />
      </div>
    </>
  )
}

function Content({ message }: { message: Message }) {
  const { t } = useDictionary()
  const { kind, text, fileName } = message
  const what = kind === 'text' ? null : t.messageKinds[kind]
  const unsaid = kind === 'text' ? t.log.notKept : (fileName ?? '')
  const said = text === null ? unsaid : plainText(text.slice(0, seen))
  return (
    <>
      {what !== null && <span className={classes.quiet}>{what} </span>}
      {said}
    </>
  )
}

function LoadingRow({ index, place }: { index: number; place: React.CSSProperties }) {
  const { log } = useDictionary().t
  return (
    <div role="row" className={classes.row} style={place} aria-rowindex={index + 2} data-row={index}>
      <div role="cell" aria-label={log.loadingRow}>
        <Skeleton height={12} width="80%" animate={false} />
      </div>
      <div role="cell">
        <Skeleton height={12} width="70%" animate={false} />
      </div>
    </div>
  )
}
