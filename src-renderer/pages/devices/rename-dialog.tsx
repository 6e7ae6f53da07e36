import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Device } from '../../../src-preload/contract.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Trouble } from '../../components/trouble.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useAct } from '../../program/call.ts'

export function RenameDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { words } = useDictionary()
  const [name, setName] = useState(device.name)
  const rename = useAct('devices.rename', { showsFailure: true })
  return (
    <Dialog title={words.devices.rename} onClose={onClose} size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') rename.mutate({ id: device.id, name: name.trim() }, { onSuccess: onClose })
        }}
      >
        <Stack>
          <TextInput
            label={words.devices.newName}
            value={name}
            maxLength={60}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {rename.isError && <Trouble error={rename.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words.common.cancel}
            </Button>
            <Button type="submit" disabled={name.trim() === ''} loading={rename.isPending}>
              {words.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
