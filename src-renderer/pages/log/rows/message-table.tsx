import { Button, Center, Loader } from '@mantine/core'
import { IconArrowUp, IconMessageOff, IconMessages } from '@tabler/icons-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { Empty } from '../../../ui/layout/empty.tsx'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import { chooseInLog, anything } from '../filter.ts'
import classes from '../log-page.module.css'
import { LogRow, rowHeight } from './log-row.tsx'
import type { LogRows } from './log-rows.ts'
import { useScrollWindow } from './use-scroll-window.ts'

const headHeight = 38

interface LogTableProps {
  rows: LogRows | null
  /** Whether only some of the rows are asked for. */
  searched: boolean
  onOpen: (id: string) => void
}

export function LogTable({ rows, searched, onOpen }: LogTableProps) {
  if (rows === null) return <Loading />
  if (rows.count === 0) return searched ? <NothingFound /> : <NoMessages />
  // Other rows are looked at from their top, not from where the others were left.
  return <Table key={JSON.stringify(rows.filter)} rows={rows} onOpen={onOpen} />
}

function Table({ rows, onOpen }: { rows: LogRows; onOpen: (id: string) => void }) {
  const { log } = useDictionary().t
  const container = useRef<HTMLDivElement>(null)
  const { count, prepended } = rows
  const view = useScrollWindow(container, { count, rowHeight, headHeight, prepended })
  const { first, last } = view
  useEffect(() => rows.ensure(first, last))
  const keys = useRowKeys(container, { count, prepended }, view.show)
  const unseen = useUnseen(prepended, view.atTop)

  const drawn = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  return (
    <div className={classes.tableFrame}>
      {unseen > 0 && (
        <Button
          size="compact-sm"
          className={classes.newOnes}
          leftSection={<IconArrowUp size={14} />}
          onClick={view.toTop}
        >
          {log.newOnes(unseen)}
        </Button>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows move between its buttons */}
      <div
        ref={container}
        className={classes.table}
        role="table"
        aria-label={log.table}
        aria-rowcount={count + 1}
        onKeyDown={keys.onKeyDown}
      >
        <Head />
        <div className={classes.body} role="rowgroup" style={{ height: view.height }}>
          {drawn.map((index) => (
            <LogRow
              // Counted from where the rows began: one with the focus keeps it when others come in above.
              key={index - prepended}
              index={index}
              top={view.topOf(index)}
              message={rows.at(index)}
              current={
                index === Math.min(keys.current, count - 1) || (index === first && !keys.inView(first, last))
              }
              onFocus={() => keys.setCurrent(index)}
              onOpen={onOpen}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

function Head() {
  const { columns } = useDictionary().t.log
  return (
    <div role="rowgroup" className={classes.head} style={{ height: headHeight }}>
      <div role="row" className={classes.row} style={{ height: '100%' }} aria-rowindex={1}>
        <div role="columnheader" className={`${classes.cell} ${classes.middle}`}>
          {columns.time}
        </div>
        <div role="columnheader">{columns.recipient}</div>
        <div role="columnheader" className={`${classes.cell} ${classes.middle}`}>
          {columns.text}
        </div>
        <div role="columnheader" className={`${classes.cell} ${classes.wide}`}>
          {columns.device}
        </div>
        <div role="columnheader" className={`${classes.cell} ${classes.wide}`}>
          {columns.source}
        </div>
        <div role="columnheader">{columns.state}</div>
      </div>
    </div>
  )
}

const pageOfRows = 10

/** One row is in the tab order; arrows, Page Up and Down, Home and End go from row to row. */
function useRowKeys(
  container: React.RefObject<HTMLElement | null>,
  { count, prepended }: Pick<LogRows, 'count' | 'prepended'>,
  show: (row: number) => void,
) {
  // Not by its index, which is another row's once new ones have come in above; null until one was gone to.
  const [fromBeginning, setFromBeginning] = useState<number | null>(null)
  const current = fromBeginning === null ? 0 : Math.max(0, fromBeginning + prepended)
  const setCurrent = (row: number) => setFromBeginning(row - prepended)
  const wanted = useRef<number | null>(null)
  useEffect(() => {
    if (wanted.current === null) return
    const button = container.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"] button`)
    if (button == null) return
    wanted.current = null
    button.focus({ preventScroll: true })
  })
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextRow(event.key, current, count)
    if (next === null) return
    event.preventDefault()
    wanted.current = next
    setCurrent(next)
    show(next)
  }
  const inView = (first: number, last: number) => current >= first && current <= last
  return { current, setCurrent, onKeyDown, inView }
}

function nextRow(key: string, current: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + pageOfRows,
    PageUp: current - pageOfRows,
    Home: 0,
    End: count - 1,
  }
  const next = steps[key]
  return next === undefined ? null : Math.max(0, Math.min(next, count - 1))
}

/** How many rows came in above while somebody was reading further down. */
function useUnseen(prepended: number, atTop: boolean): number {
  const [seen, setSeen] = useState(prepended)
  // Fewer than before: these are other rows, which begin to count anew.
  if ((atTop || prepended < seen) && seen !== prepended) setSeen(prepended)
  return atTop ? 0 : prepended - seen
}

function Loading() {
  const { t } = useDictionary()
  return (
    <Center className={classes.tableFrame}>
      <Loader size="sm" role="status" aria-label={t.common.loading} />
    </Center>
  )
}

function NoMessages() {
  const { log } = useDictionary().t
  return (
    <div className={classes.tableFrame}>
      <Empty icon={<IconMessages size={30} stroke={1.6} />} title={log.emptyTitle} text={log.empty} />
    </div>
  )
}

function NothingFound() {
  const { log } = useDictionary().t
  return (
    <div className={classes.tableFrame} role="status">
      <Empty icon={<IconMessageOff size={30} stroke={1.6} />} title={log.nothingTitle} text={log.nothing}>
        <Button mt="sm" variant="default" onClick={() => chooseInLog(anything)}>
          {log.clear}
        </Button>
      </Empty>
    </div>
  )
}
