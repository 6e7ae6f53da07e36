import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { ApiKey, Device, WrongKeys } from '../../../src-preload/contract.ts'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { Confirm } from '../../ui/overlay/confirm.tsx'
import { useNow } from '../../ui/use-now.ts'
import { Card } from '../../ui/layout/card.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallMutation, useCallQuery } from '../../program/ipc-call.ts'
import classes from './api-page.module.css'
import { CreateKey } from './create-key.tsx'

export function KeysCard() {
  const { api } = useDictionary().t
  const [creating, setCreating] = useState(false)
  // Of wrong keys no event tells.
  const keys = useCallQuery('keys.list', {}, { isPolled: true })
  return (
    <Card
      title={api.keys}
      intro={api.keysIntro}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
          {api.create}
        </Button>
      }
    >
      <QueryBoundary of={keys}>{({ keys: list, wrong }) => <Keys keys={list} wrong={wrong} />}</QueryBoundary>
      {creating && <CreateKey onClose={() => setCreating(false)} />}
    </Card>
  )
}

function Keys({ keys, wrong }: { keys: ApiKey[]; wrong: WrongKeys }) {
  const { t, format } = useDictionary()
  const devices = useCallQuery('devices.list', {}).data
  return (
    <>
      {keys.length === 0 && <p className={classes.keyFacts}>{t.api.emptyKeys}</p>}
      <ul className={classes.keys} aria-label={t.api.keys}>
        {keys.map((key) => (
          <Key key={key.id} apiKey={key} devices={devices} />
        ))}
      </ul>
      {wrong.count > 0 && (
        <p className={classes.wrong}>
          {t.api.wrong(
            format.count(wrong.count),
            wrong.lastAt === null ? '' : format.moment(wrong.lastAt),
            wrong.lastFrom ?? '',
          )}
        </p>
      )}
    </>
  )
}

function Key({ apiKey, devices }: { apiKey: ApiKey; devices: Device[] | undefined }) {
  const { t } = useDictionary()
  const say = t.api.key
  const [asking, setAsking] = useState(false)
  const revoke = useCallMutation('keys.revoke')
  const facts = useKeyFacts(apiKey, devices)
  return (
    <li className={classes.key}>
      <div>
        <div className={classes.keyName}>{apiKey.name}</div>
        <div className={`${classes.keyFacts} digits`}>{facts.join(' · ')}</div>
      </div>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={say.revokeNamed(apiKey.name)}
        onClick={() => setAsking(true)}
      >
        {say.revoke}
      </Button>
      {asking && (
        <Confirm
          question={{
            title: say.revokeTitle(apiKey.name),
            text: say.revokeText,
            yes: say.revoke,
            destructive: true,
          }}
          busy={revoke.isPending}
          onClose={() => setAsking(false)}
          onYes={() => revoke.mutate({ id: apiKey.id }, { onSettled: () => setAsking(false) })}
        />
      )}
    </li>
  )
}

function useKeyFacts(key: ApiKey, devices: Device[] | undefined): string[] {
  const { t, format } = useDictionary()
  const say = t.api.key
  const now = useNow(60_000)
  const facts = [
    say.lastFour(key.lastFour),
    scopeOf(),
    t.common.list(key.rights.map((right) => say.rightNames[right].name)),
    key.lastUsedAt === null ? say.neverUsed : say.lastUsed(format.moment(key.lastUsedAt)),
  ]
  if (key.expiresAt !== null) {
    facts.push(key.expiresAt < now ? say.expired : say.expiresAt(format.date(key.expiresAt)))
  }
  return facts

  function scopeOf(): string {
    if ('all' in key.devices) return say.allDevices
    if ('kind' in key.devices) return say.sandboxOnly
    const ids = key.devices.ids
    const names = devices?.filter(({ id }) => ids.includes(id)).map(({ name }) => name)
    return names?.length === 0 ? say.goneDevices : t.common.list(names ?? [])
  }
}
