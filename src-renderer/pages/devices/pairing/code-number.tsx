import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Device } from '../../../../src-preload/contract.ts'
import { ErrorAlert } from '../../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import { useCallMutation } from '../../../program/ipc-call.ts'

interface CodeNumberProps {
  device: Device
  onBack: () => void
  onInstead: (id: string) => void
}

/**
 * Asks for the number that a code is for. A device's number is fixed when it is added; one that never was
 * paired has nothing to lose, so it is added anew with the number.
 */
export function CodeNumber({ device, onBack, onInstead }: CodeNumberProps) {
  const { t } = useDictionary()
  const { pairing } = t
  const [number, setNumber] = useState('')
  const add = useCallMutation('devices.add', { showsFailure: true })
  const remove = useCallMutation('devices.remove')
  const submit = () =>
    add.mutate(
      { kind: device.kind, name: device.name, number },
      {
        onSuccess: (added) => {
          remove.mutate({ id: device.id })
          onInstead(added.id)
        },
      },
    )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (number.trim() !== '') submit()
      }}
    >
      <Stack>
        <Text>{pairing.needNumber}</Text>
        <TextInput
          label={pairing.number}
          value={number}
          inputMode="tel"
          autoComplete="off"
          data-autofocus
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        {add.isError && <ErrorAlert error={add.error} />}
        <Group justify="space-between">
          <Button variant="subtle" onClick={onBack}>
            {pairing.useQr}
          </Button>
          <Button type="submit" disabled={number.trim() === ''} loading={add.isPending}>
            {pairing.getCode}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
