import { Button, Checkbox, Group, List, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { AnswerOf } from '../../../src-preload/contract.ts'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'

type Backup = AnswerOf<'program.prepareRestore'>

/** What is brought along besides log and other settings. */
export interface RestoreChoice {
  includeKeys: boolean
  includeAccess: boolean
}

interface RestoreQuestionProps {
  backup: Backup
  busy: boolean
  onYes: (choice: RestoreChoice) => void
  onClose: () => void
}

/** Names the keys and the settings by which a backup would let others in. None is taken over unless it is ticked. */
export function RestoreQuestion({ backup, busy, onYes, onClose }: RestoreQuestionProps) {
  const { t } = useDictionary()
  const { restoreQuestion } = t.settings
  const [includeKeys, setIncludeKeys] = useState(false)
  const [includeAccess, setIncludeAccess] = useState(false)
  return (
    <Dialog title={restoreQuestion.title} onClose={onClose} stays>
      <Stack>
        <Text>{restoreQuestion.text}</Text>
        {backup.newKeys.length > 0 && (
          <>
            <Checkbox
              label={restoreQuestion.keys(backup.newKeys.length)}
              description={restoreQuestion.keysHint}
              checked={includeKeys}
              onChange={(event) => setIncludeKeys(event.currentTarget.checked)}
            />
            <Keys keys={backup.newKeys} />
          </>
        )}
        {backup.access.length > 0 && (
          <>
            <Checkbox
              label={restoreQuestion.access}
              description={restoreQuestion.accessHint}
              checked={includeAccess}
              onChange={(event) => setIncludeAccess(event.currentTarget.checked)}
            />
            <AccessSettings access={backup.access} />
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t.common.cancel}
          </Button>
          <Button color="red.9" loading={busy} onClick={() => onYes({ includeKeys, includeAccess })}>
            {t.settings.ask.restore.yes}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

/** More would make the dialog longer than a window. */
const maxShown = 20

function Keys({ keys }: { keys: Backup['newKeys'] }) {
  const { t } = useDictionary()
  const { restoreQuestion } = t.settings
  const rightNames: Readonly<Record<string, { name: string }>> = t.api.key.rightNames
  return (
    <List size="sm" withPadding>
      {keys.slice(0, maxShown).map(({ name, lastFour, devices, rights }) => (
        <List.Item key={`${name} ${lastFour}`}>
          {restoreQuestion.key(name, lastFour)}{' '}
          {[restoreQuestion.scopes[devices], ...rights.map((right) => rightNames[right]?.name ?? right)].join(
            ', ',
          )}
        </List.Item>
      ))}
      {keys.length > maxShown && <List.Item>{restoreQuestion.more(keys.length - maxShown)}</List.Item>}
    </List>
  )
}

function AccessSettings({ access }: { access: Backup['access'] }) {
  const { t } = useDictionary()
  const { fields, restoreQuestion } = t.settings
  const names: Readonly<Record<string, string>> = {
    'api.port': fields.port.name,
    'api.lan': fields.lan.name,
    'api.lanAddresses': fields.lanAddresses.name,
    'api.allowedOrigins': fields.origins.name,
    'api.hostNames': fields.hostNames.name,
    'media.trustedHosts': fields.trustedHosts.name,
    'network.proxy': fields.proxy.name,
  }
  const shown = (value: unknown): string => {
    if (typeof value === 'boolean') return value ? restoreQuestion.on : restoreQuestion.off
    if (typeof value === 'string' || typeof value === 'number') return String(value)
    return Array.isArray(value) && value.length > 0 ? value.join(', ') : restoreQuestion.empty
  }
  return (
    <List size="sm" withPadding>
      {access.map(({ name, value, now }) => (
        <List.Item key={name}>
          {restoreQuestion.setting(names[name] ?? name, shown(value), shown(now))}
        </List.Item>
      ))}
    </List>
  )
}
