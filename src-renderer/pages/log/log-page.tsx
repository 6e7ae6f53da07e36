import { Button, Group } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChartBar } from '@tabler/icons-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import { PageHeader } from '../../ui/layout/page-header.tsx'
import { ErrorAlert } from '../../ui/layout/error-alert.tsx'
import { useToday } from '../../ui/use-today.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { goTo } from '../../shell/page-route.ts'
import { ExportButton } from './export-button.tsx'
import { filterFor, isAnything, useLogChoice } from './filter.ts'
import { Filters } from './filters.tsx'
import classes from './log-page.module.css'
import { LogTable } from './rows/message-table.tsx'
import { DuplicateTextNotice } from './duplicate-text-notice.tsx'
import { StoryDrawer } from './story/story-drawer.tsx'
import { useLogRows } from './rows/use-log-rows.ts'

const searchAfterMs = 150
const Chart = lazy(async () => ({ default: (await import('./chart.tsx')).Chart }))

export function LogPage({ id }: { id: string | null }) {
  const { log } = useDictionary().t
  const [charted, setCharted] = useState(false)
  const choice = useLogChoice()
  const [searched] = useDebouncedValue(choice.search, searchAfterMs)
  // What is typed is waited for; what is chosen or cleared holds at once.
  const search = choice.search === '' ? '' : searched
  const today = useToday()
  const filter = useMemo(() => filterFor({ ...choice, search }, today), [choice, search, today])
  const rows = useLogRows(filter)
  return (
    <div className={classes.page}>
      <PageHeader title={log.title} intro={log.intro}>
        <Group gap="xs">
          <Button
            variant={charted ? 'light' : 'default'}
            leftSection={<IconChartBar size={16} />}
            aria-expanded={charted}
            onClick={() => setCharted(!charted)}
          >
            {log.chart}
          </Button>
          <ExportButton filter={filterFor(choice)} />
        </Group>
      </PageHeader>
      {charted && (
        <Suspense fallback={null}>
          <Chart key={today} deviceId={choice.deviceId} />
        </Suspense>
      )}
      <DuplicateTextNotice deviceId={choice.deviceId} />
      <Filters />
      {rows?.state === 'failed' ? (
        <ErrorAlert error={rows.failure} onAgain={() => rows.retry()} />
      ) : (
        <LogTable rows={rows} searched={!isAnything(filter)} onOpen={(message) => goTo('log', message)} />
      )}
      {id !== null && <StoryDrawer id={id} onClose={() => goTo('log')} />}
    </div>
  )
}
