import { Button, Text } from '@mantine/core'
import type { UpdateStatus } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallMutation, useCallQuery } from '../../program/ipc-call.ts'
import { FlagField } from './controls.tsx'
import classes from './settings-page.module.css'

export function UpdatesSection() {
  const { fields } = useDictionary().t.settings
  const status = useCallQuery('updates.status', {})
  return (
    <>
      {status.data !== undefined && status.data.state !== 'off' && (
        <FlagField setting="updates.automatic" {...fields.updates} />
      )}
      <QueryBoundary of={status}>{(value) => <Status status={value} />}</QueryBoundary>
    </>
  )
}

function Status({ status }: { status: UpdateStatus }) {
  const { update } = useDictionary().t.settings
  const check = useCallMutation('updates.check')
  const install = useCallMutation('updates.install')
  const sentence = useSentence(status)
  return (
    <div className={classes.line}>
      <Text role="status">{sentence}</Text>
      {status.state === 'ready' && (
        <Button loading={install.isPending} onClick={() => install.mutate({})}>
          {update.install}
        </Button>
      )}
      {(status.state === 'none' || status.state === 'failed') && (
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate({})}>
          {update.check}
        </Button>
      )}
    </div>
  )
}

function useSentence(status: UpdateStatus): string {
  const { update } = useDictionary().t.settings
  switch (status.state) {
    case 'off':
    case 'none':
    case 'checking':
    case 'failed':
      return update[status.state]
    case 'available':
    case 'ready':
      return update[status.state](status.version ?? '')
    case 'downloading':
      return update.downloading(Math.round(status.percent ?? 0))
    default:
      return assertNever(status.state)
  }
}
