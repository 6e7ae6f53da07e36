import { Button, Group, Text } from '@mantine/core'
import type { ApiStatus } from '../../../src-preload/contract.ts'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { CopyButton } from '../../ui/text/copy-button.tsx'
import { Card } from '../../ui/layout/card.tsx'
import { FailureSentence } from '../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallMutation, useCallQuery } from '../../program/ipc-call.ts'
import classes from './api-page.module.css'

/** Where callers reach Kurir, whether it runs, and if not, why and what can be done. */
export function AddressCard() {
  const { api } = useDictionary().t
  return (
    <Card title={api.address}>
      <QueryBoundary of={useCallQuery('api.status', {})}>
        {(status) => (status.state === 'running' ? <Running status={status} /> : <Stopped status={status} />)}
      </QueryBoundary>
    </Card>
  )
}

function Running({ status }: { status: ApiStatus }) {
  const { api } = useDictionary().t
  const [first = '', ...others] = status.addresses
  return (
    <>
      <div className={classes.address}>
        <span className={classes.state} data-good>
          {api.running}
        </span>
        <code className={classes.url}>{first}</code>
        <CopyButton text={first} label={api.copyAddress} />
      </div>
      {others.length > 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          {api.alsoAt} {others.join(', ')}
        </Text>
      )}
      {status.lan && (
        <Text size="sm" mt="xs">
          {api.lanOn}
        </Text>
      )}
    </>
  )
}

function Stopped({ status }: { status: ApiStatus }) {
  const { t } = useDictionary()
  const { api } = t
  const retry = useCallMutation('api.retry')
  const setPort = useCallMutation('settings.set')
  const { failure, port, takenBy } = status
  // What is fixed for this run, choosing another would not change now.
  const isFixed = useCallQuery('settings.all', {}).data?.overridden.includes('api.port') ?? true
  const freePort = isFixed ? null : status.freePort
  return (
    <>
      <div className={classes.address}>
        <span className={classes.state}>{api.stopped}</span>
      </div>
      <div className={classes.why} role="alert">
        {failure?.code === 'port_taken' ? (
          <>
            <Text size="sm" fw={500}>
              {takenBy === null ? api.taken(port) : api.takenBy(port, takenBy)}
            </Text>
            <Text size="sm" c="dimmed">
              {t.failures.port_taken.todo}
            </Text>
          </>
        ) : (
          failure !== null && <FailureSentence code={failure.code} />
        )}
      </div>
      <Group>
        <Button size="sm" loading={retry.isPending} onClick={() => retry.mutate({})}>
          {t.common.tryAgain}
        </Button>
        {freePort !== null && (
          <Button
            size="sm"
            variant="default"
            loading={setPort.isPending}
            onClick={() => setPort.mutate({ name: 'api.port', value: freePort })}
          >
            {api.otherPort(freePort)}
          </Button>
        )}
        {freePort !== null && (
          <Text size="sm" c="dimmed">
            {api.otherPortHint}
          </Text>
        )}
      </Group>
    </>
  )
}
