import { Button, Group, Input, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useId, useState, type FormEvent } from 'react'
import type { Device, SubmitAnswer } from '../../../src-preload/contract.ts'
import { Trouble } from '../../components/trouble.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { phone } from '../../i18n/format.ts'
import { missingFrom, type Draft } from './draft.ts'
import { MediaFields, MoreFields, TextField } from './content-fields.tsx'
import { RecipientField } from './recipient-field.tsx'
import { useSubmit } from './use-submit.ts'

export interface DraftProps {
  draft: Draft
  change: (change: Partial<Draft>) => void
}

interface SendFormProps extends DraftProps {
  devices: Device[]
  device: Device
  onSubmitted: (answer: SubmitAnswer) => void
}

export function SendForm({ devices, device, draft, change, onSubmitted }: SendFormProps) {
  const { words } = useDictionary()
  const [complained, setComplained] = useState(false)
  const submit = useSubmit(onSubmitted)
  const missing = missingFrom(draft)

  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setComplained(missing !== null)
    if (missing === null) submit.send(draft, device.id)
  }
  return (
    <form onSubmit={onSubmit} noValidate>
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
        {submit.error !== null && <Trouble error={submit.error} />}
        <Group justify="space-between" gap="md">
          <Text size="sm" c={complained && missing !== null ? 'var(--kurir-bad)' : 'dimmed'} role="status">
            {submit.uploaded !== null && words.send.uploading(submit.uploaded)}
            {complained && missing !== null && words.send[missing]}
          </Text>
          <Button type="submit" leftSection={<IconSend size={16} />} loading={submit.busy}>
            {words.send.send}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function DeviceField({ devices, device, change }: Pick<SendFormProps, 'devices' | 'device' | 'change'>) {
  const { words } = useDictionary()
  const options = devices.map((one) => ({
    value: one.id,
    label: words.send.deviceOption(
      one.name,
      one.number === null ? words.devices.noNumber : phone(one.number),
      words.devices.states[one.state.name],
    ),
  }))
  return (
    <NativeSelect
      label={words.send.device}
      data={options}
      value={device.id}
      description={device.state.name === 'connected' ? undefined : words.send.notConnected(device.name)}
      onChange={(event) => change({ deviceId: event.currentTarget.value })}
    />
  )
}

function ModeField({ draft, change }: DraftProps) {
  const { send } = useDictionary().words
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
