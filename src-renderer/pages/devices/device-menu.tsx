import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconHistory, IconLogout, IconMessages, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Device } from '../../../src-preload/contract.ts'
import { Confirm, type Question } from '../../ui/overlay/confirm.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallMutation } from '../../program/ipc-call.ts'
import classes from './device-card.module.css'
import { showInLog } from '../log/filter.ts'
import { HistoryDialog } from './history-dialog.tsx'
import { RenameDialog } from './rename-dialog.tsx'

type Opened = 'rename' | 'history' | 'logOut' | 'remove' | null

/** What is done with a phone now and then. */
export function DeviceMenu({ device }: { device: Device }) {
  const { devices: say } = useDictionary().t
  const [opened, setOpened] = useState<Opened>(null)
  const close = () => setOpened(null)
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={say.more(device.name)}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setOpened('rename')}>
            {say.rename}
          </Menu.Item>
          <Menu.Item leftSection={<IconHistory size={16} />} onClick={() => setOpened('history')}>
            {say.history}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconMessages size={16} />}
            onClick={() => showInLog({ deviceId: device.id })}
          >
            {say.openLog}
          </Menu.Item>
          <Menu.Divider />
          {device.paired && (
            <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => setOpened('logOut')}>
              {say.logOut}
            </Menu.Item>
          )}
          <Menu.Item
            className={classes.remove}
            leftSection={<IconTrash size={16} />}
            onClick={() => setOpened('remove')}
          >
            {say.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {opened === 'rename' && <RenameDialog device={device} onClose={close} />}
      {opened === 'history' && <HistoryDialog device={device} onClose={close} />}
      {opened === 'logOut' && <LogOut device={device} onClose={close} />}
      {opened === 'remove' && <Remove device={device} onClose={close} />}
    </>
  )
}

interface AskProps {
  device: Device
  onClose: () => void
}

function LogOut({ device, onClose }: AskProps) {
  const { devices: say } = useDictionary().t
  const question = { title: say.logOutTitle(device.name), text: say.logOutText, yes: say.logOut }
  return <Ask call="devices.logOut" question={question} device={device} onClose={onClose} />
}

function Remove({ device, onClose }: AskProps) {
  const { devices: say } = useDictionary().t
  const question = { title: say.removeTitle(device.name), text: say.removeText, yes: say.remove }
  return <Ask call="devices.remove" question={question} device={device} onClose={onClose} />
}

interface AskedProps extends AskProps {
  call: 'devices.logOut' | 'devices.remove'
  question: Omit<Question, 'destructive'>
}

function Ask({ call, question, device, onClose }: AskedProps) {
  const act = useCallMutation(call)
  return (
    <Confirm
      question={{ ...question, destructive: true }}
      busy={act.isPending}
      onClose={onClose}
      onYes={() => act.mutate({ id: device.id }, { onSettled: onClose })}
    />
  )
}
