import { Button, CloseButton, Paper, Progress, Stack, Text } from '@mantine/core'
import type { Saving } from '../../src-preload/contract.ts'
import { useDictionary } from '../i18n/dictionary.tsx'
import { useAct } from '../program/call.ts'
import { forgetSaving, useSavings } from '../program/savings.ts'
import classes from './savings-bar.module.css'

/** Exports, backups and diagnostics on their way, at the lower edge; they go on while pages change. */
export function SavingsBar() {
  const savings = useSavings()
  if (savings.length === 0) return null
  return (
    <Stack className={classes.bar} gap="xs" role="status">
      {savings.map((saving) => (
        <OneSaving key={saving.id} saving={saving} />
      ))}
    </Stack>
  )
}

function OneSaving({ saving }: { saving: Saving }) {
  const { words, format } = useDictionary()
  const cancel = useAct('savings.cancel')
  const { savings } = words
  const name = savings[saving.kind]
  const { done, total } = saving
  return (
    <Paper withBorder shadow="md" p="sm" className={classes.one}>
      <Text size="sm" fw={600} className={classes.text}>
        {sentenceFor(saving, name)}
        {saving.state === 'done' && (
          <Text component="span" display="block" size="xs" c="dimmed">
            {saving.path === null ? saving.fileName : savings.where(saving.path)}
          </Text>
        )}
        {saving.failure !== null && (
          <Text component="span" display="block" size="xs" c="dimmed">
            {words.failures[saving.failure.code].what}
          </Text>
        )}
      </Text>
      {saving.state === 'running' ? (
        <Button size="compact-sm" variant="default" onClick={() => cancel.mutate({ id: saving.id })}>
          {words.common.cancel}
        </Button>
      ) : (
        <CloseButton size="sm" aria-label={words.common.close} onClick={() => forgetSaving(saving.id)} />
      )}
      {saving.state === 'running' && (
        <div className={classes.progress}>
          <Progress
            value={total === null || total === 0 ? 100 : (done / total) * 100}
            animated={total === null}
            aria-label={savings.progress}
          />
          {total !== null && (
            <Text size="xs" c="dimmed" className="digits">
              {savings.rows(format.count(done), format.count(total))}
            </Text>
          )}
        </div>
      )}
    </Paper>
  )

  function sentenceFor({ state }: Saving, what: string): string {
    return savings[state](what)
  }
}
