import { notifications } from '@mantine/notifications'
import type { Device } from '../../../../src-preload/contract.ts'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import { useCallMutation } from '../../../program/ipc-call.ts'

/** Adds a practice phone, pairs it, and says so. */
export function useAddSandboxDevice(devices: Device[]): { add: () => void; busy: boolean } {
  const { t } = useDictionary()
  const { mutate, isPending } = useCallMutation('sandbox.addDevice')
  const practice = devices.filter((device) => device.kind === 'sandbox').length
  const add = () =>
    mutate(
      { name: t.devices.sandboxName(practice + 1) },
      {
        onSuccess: ({ name }) => notifications.show({ message: t.devices.added(name), color: 'lagoon' }),
      },
    )
  return { add, busy: isPending }
}
