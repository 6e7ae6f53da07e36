import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Device } from '../../../../src-preload/contract.ts'
import { Dialog } from '../../../ui/overlay/dialog.tsx'
import { ErrorAlert } from '../../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import { useCallMutation } from '../../../program/ipc-call.ts'

interface PhoneDialogProps {
  kind: 'whatsapp' | 'custom'
  devices: Device[]
  onClose: () => void
  onAdded: (device: Device) => void
}

/** Names a new phone before it is paired. */
export function PhoneDialog({ kind, devices, onClose, onAdded }: PhoneDialogProps) {
  const { t } = useDictionary()
  const { pairing } = t
  const [name, setName] = useState(() => t.devices.phoneName(devices.length + 1))
  const [number, setNumber] = useState('')
  const add = useCallMutation('devices.add', { showsFailure: true })
  const submit = () =>
    add.mutate(
      { kind, name: name.trim(), number: number.trim() === '' ? null : number.trim() },
      { onSuccess: onAdded },
    )
  return (
    <Dialog title={pairing.nameTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack>
          <TextInput
            label={pairing.name}
            description={pairing.nameHint}
            value={name}
            maxLength={60}
            data-autofocus
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={pairing.number}
            description={pairing.numberHint}
            value={number}
            inputMode="tel"
            autoComplete="off"
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          {add.isError && <ErrorAlert error={add.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t.common.cancel}
            </Button>
            <Button type="submit" disabled={name.trim() === ''} loading={add.isPending}>
              {pairing.start}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
