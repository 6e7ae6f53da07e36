import { Button, Checkbox, Group, NativeSelect, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useDeviceFilter } from '../../ui/device-filter.tsx'
import type { Device, KeyDevices, RequestOf, Right } from '../../../src-preload/contract.ts'
import { CopyButton } from '../../ui/text/copy-button.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { ErrorAlert } from '../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallMutation, useCallQuery } from '../../program/ipc-call.ts'
import classes from './api-page.module.css'

type Scope = 'all' | 'sandbox' | 'chosen'
type Expiry = 'never' | 'month' | 'quarter' | 'year'

interface KeyDraft {
  name: string
  scope: Scope
  ids: string[]
  rights: Right[]
  expiry: Expiry
}

const dayMs = 86_400_000
const daysOf: Record<Exclude<Expiry, 'never'>, number> = { month: 30, quarter: 90, year: 365 }
const allRights: Right[] = ['send', 'read', 'manage']

/** Asks what a key is for, makes it, and shows its secret this once. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const { api } = useDictionary().t
  const [draft, setDraft] = useState<KeyDraft>({
    name: '',
    scope: 'all',
    ids: [],
    rights: ['send', 'read'],
    expiry: 'never',
  })
  const [complaint, setComplaint] = useState<Complaint>(null)
  const create = useCallMutation('keys.create', { showsFailure: true })
  const change = (part: Partial<KeyDraft>) => {
    setComplaint(null)
    setDraft({ ...draft, ...part })
  }
  const devices = useCallQuery('devices.list', {}).data ?? []
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // One that was chosen may have been removed since.
    const present = { ...draft, ids: draft.ids.filter((chosen) => devices.some(({ id }) => id === chosen)) }
    const found = complaintAbout(present)
    setComplaint(found)
    if (found === null) create.mutate(requestFor(present))
  }
  if (create.data !== undefined) return <Secret secret={create.data.secret} onClose={onClose} />
  return (
    // Once asked for it is made: closed before its secret is there, it would be a key that nobody has.
    <Dialog title={api.key.title} onClose={() => !create.isPending && onClose()}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={api.key.name}
            description={api.key.nameHint}
            value={draft.name}
            maxLength={60}
            error={complaint === 'needName' ? api.key.needName : undefined}
            data-autofocus
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <ScopeFields draft={draft} change={change} complaint={complaint} devices={devices} />
          <RightFields draft={draft} change={change} complaint={complaint} />
          <ExpiryField draft={draft} change={change} />
          {create.isError && <ErrorAlert error={create.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={create.isPending}>
              {api.key.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

type Complaint = 'needName' | 'needDevice' | 'needRight' | null

function complaintAbout(draft: KeyDraft): Complaint {
  if (draft.name.trim() === '') return 'needName'
  if (draft.scope === 'chosen' && draft.ids.length === 0) return 'needDevice'
  return draft.rights.length === 0 ? 'needRight' : null
}

function requestFor(draft: KeyDraft): RequestOf<'keys.create'> {
  const devices: Record<Scope, KeyDevices> = {
    all: { all: true },
    sandbox: { kind: 'sandbox' },
    chosen: { ids: draft.ids },
  }
  return {
    name: draft.name.trim(),
    devices: devices[draft.scope],
    rights: draft.rights,
    expiresAt: draft.expiry === 'never' ? null : Date.now() + daysOf[draft.expiry] * dayMs,
  }
}

interface FieldsProps {
  draft: KeyDraft
  change: (part: Partial<KeyDraft>) => void
  complaint?: Complaint
}

function ScopeFields({ draft, change, complaint, devices }: FieldsProps & { devices: Device[] }) {
  const { api } = useDictionary().t
  const filter = useDeviceFilter(devices)
  return (
    <>
      <Radio.Group label={api.key.devices} value={draft.scope} onChange={(scope) => change({ scope })}>
        <Stack gap="xs" mt={6}>
          <Radio value="all" label={api.key.allDevices} />
          <Radio value="sandbox" label={api.key.sandboxOnly} />
          <Radio value="chosen" label={api.key.chosen} disabled={devices.length === 0} />
        </Stack>
      </Radio.Group>
      {draft.scope === 'chosen' && (
        <Checkbox.Group
          aria-label={api.key.chosen}
          value={draft.ids}
          error={complaint === 'needDevice' ? api.key.needDevice : undefined}
          onChange={(ids) => change({ ids })}
        >
          {filter.field}
          <Stack gap="xs" pl="lg" mah="16rem" style={{ overflowY: 'auto' }}>
            {filter.shown.map((device) => (
              <Checkbox key={device.id} value={device.id} label={device.name} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </>
  )
}

function RightFields({ draft, change, complaint }: FieldsProps) {
  const { api } = useDictionary().t
  return (
    <Checkbox.Group
      label={api.key.rights}
      value={draft.rights}
      error={complaint === 'needRight' ? api.key.needRight : undefined}
      onChange={(rights) => change({ rights })}
    >
      <Stack gap="xs" mt={6}>
        {allRights.map((right) => (
          <Checkbox
            key={right}
            value={right}
            label={api.key.rightNames[right].name}
            description={api.key.rightNames[right].hint}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}

function ExpiryField({ draft, change }: FieldsProps) {
  const { api } = useDictionary().t
  return (
    <NativeSelect
      label={api.key.expires}
      value={draft.expiry}
      data={Object.entries(api.key.expiryChoices).map(([value, label]) => ({ value, label }))}
      onChange={(event) => change({ expiry: event.currentTarget.value as Expiry })}
    />
  )
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useDictionary()
  const { key: say } = t.api
  return (
    <Dialog title={say.secretTitle} onClose={onClose} stays>
      <Stack>
        <Text>{say.secretText}</Text>
        {/* Not the button that closes: an Enter still held from the form would take the key away. */}
        <output className={classes.secret} aria-label={say.secret} tabIndex={-1} data-autofocus>
          {secret}
        </output>
        <Group justify="space-between">
          <CopyButton text={secret} />
          <Button onClick={onClose}>{t.common.done}</Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
