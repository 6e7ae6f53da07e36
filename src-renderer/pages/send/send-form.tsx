import { Button, Group, Input, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useId, useState, type FormEvent, type KeyboardEvent } from 'react'
import type { Device } from '../../../src-preload/contract.ts'
import { ErrorAlert } from '../../ui/layout/error-alert.tsx'
import { isFirstClick } from '../../ui/overlay/first-click.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { phone } from '../../i18n/format.ts'
import { missingFrom, type Draft } from './draft.ts'
import { MediaFields, MoreFields, TextField } from './content-fields.tsx'
import { RecipientField } from './recipient-field.tsx'
import { send, type Submission } from './submission.ts'

export interface DraftProps {
  draft: Draft
  change: (change: Partial<Draft>) => void
}

interface SendFormProps extends DraftProps {
  devices: Device[]
  device: Device
  submission: Submission
}

export function SendForm({ devices, device, draft, change, submission }: SendFormProps) {
  const { t } = useDictionary()
  const [complained, setComplained] = useState(false)
  const missing = missingFrom(draft)

  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setComplained(missing !== null)
    if (missing === null) void send(draft, device.id)
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only keeps a held Enter from sending on and on
    <form onSubmit={onSubmit} onKeyDown={ignoreHeldEnter} noValidate>
      <Stack>
        <DeviceField devices={devices} device={device} change={change} />
        <RecipientField draft={draft} change={change} device={device} />
        <ModeField draft={draft} change={change} />
        {draft.mode === 'text' ? (
          <TextField draft={draft} change={change} />
        ) : (
          <MediaFields draft={draft} change={change} />
        )}
        <MoreFields draft={draft} change={change} />
        {submission.error !== null && <ErrorAlert error={submission.error} />}
        <Group justify="space-between" gap="md">
          <Text size="sm" c={complained && missing !== null ? 'var(--kurir-bad)' : 'dimmed'} role="status">
            {submission.uploaded !== null && t.send.uploading(submission.uploaded)}
            {complained && missing !== null && t.send[missing]}
          </Text>
          <Button
            type="submit"
            leftSection={<IconSend size={16} />}
            loading={submission.busy}
            onClick={(event) => !isFirstClick(event) && event.preventDefault()}
          >
            {t.send.send}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function ignoreHeldEnter(event: KeyboardEvent): void {
  const writesLines = event.target instanceof HTMLTextAreaElement
  if (event.key === 'Enter' && event.repeat && !writesLines) event.preventDefault()
}

function DeviceField({ devices, device, change }: Pick<SendFormProps, 'devices' | 'device' | 'change'>) {
  const { t } = useDictionary()
  const options = devices.map((one) => ({
    value: one.id,
    label: t.send.deviceOption(
      one.name,
      one.number === null ? t.devices.noNumber : phone(one.number),
      t.devices.states[one.state.name],
    ),
  }))
  return (
    <NativeSelect
      label={t.send.device}
      data={options}
      value={device.id}
      description={device.state.name === 'connected' ? undefined : t.send.notConnected(device.name)}
      onChange={(event) => change({ deviceId: event.currentTarget.value })}
    />
  )
}

function ModeField({ draft, change }: DraftProps) {
  const { send } = useDictionary().t
  const label = useId()
  return (
    <div>
      <Input.Label labelElement="div" display="block" mb={4} id={label}>
        {send.mode}
      </Input.Label>
      <SegmentedControl
        aria-labelledby={label}
        value={draft.mode}
        onChange={(mode) => change({ mode })}
        data={[
          { value: 'text', label: send.text },
          { value: 'file', label: send.file },
          { value: 'voice', label: send.voice },
        ]}
      />
    </div>
  )
}
