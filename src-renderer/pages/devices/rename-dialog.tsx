import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Device } from '../../../src-preload/contract.ts'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { ErrorAlert } from '../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallMutation } from '../../program/ipc-call.ts'

export function RenameDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useDictionary()
  const [name, setName] = useState(device.name)
  const rename = useCallMutation('devices.rename', { showsFailure: true })
  return (
    <Dialog title={t.devices.rename} onClose={onClose} size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') rename.mutate({ id: device.id, name: name.trim() }, { onSuccess: onClose })
        }}
      >
        <Stack>
          <TextInput
            label={t.devices.newName}
            value={name}
            maxLength={60}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {rename.isError && <ErrorAlert error={rename.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t.common.cancel}
            </Button>
            <Button type="submit" disabled={name.trim() === ''} loading={rename.isPending}>
              {t.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
