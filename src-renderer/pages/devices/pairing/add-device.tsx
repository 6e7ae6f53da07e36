import { Button, Combobox, useCombobox } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDeviceMobile, IconFlask, IconPlus, IconServer } from '@tabler/icons-react'
import { useId } from 'react'
import type { Device } from '../../../../src-preload/contract.ts'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import { useCallQuery } from '../../../program/ipc-call.ts'
import classes from './add-device.module.css'
import { useAddSandboxDevice } from './use-add-sandbox-device.ts'

interface AddDeviceProps {
  devices: Device[]
  /** A phone was chosen that has to be named and paired. */
  onPhone: (kind: 'whatsapp' | 'custom') => void
}

/** The button that adds, with what can be added: a practice phone needs no more than that. */
export function AddDevice({ devices, onPhone }: AddDeviceProps) {
  const { t } = useDictionary()
  const { devices: say } = t
  const list = useCombobox({ onDropdownOpen: () => list.selectFirstOption() })
  const canBeCustom = useCallQuery('program.info', {}).data?.customWhatsApp === true
  const addSandbox = useAddSandboxDevice(devices)

  const choose = (value: string) => {
    list.closeDropdown()
    if (value === 'sandbox') addSandbox.add()
    else onPhone(value === 'custom' ? 'custom' : 'whatsapp')
  }

  return (
    <Combobox
      store={list}
      width={320}
      position="bottom-end"
      shadow="lg"
      onOptionSubmit={choose}
      withinPortal={false}
    >
      <Combobox.Target targetType="button">
        <Button
          leftSection={<IconPlus size={16} />}
          loading={addSandbox.busy}
          aria-haspopup="listbox"
          aria-expanded={list.dropdownOpened}
          onClick={() => {
            notifications.clean()
            list.toggleDropdown()
          }}
        >
          {say.add}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown className={classes.dropdown}>
        <Combobox.Options aria-label={say.addOptions}>
          <Choice
            value="whatsapp"
            icon={IconDeviceMobile}
            name={say.addWhatsApp}
            hint={say.addWhatsAppHint}
          />
          <Choice value="sandbox" icon={IconFlask} name={say.addSandbox} hint={say.addSandboxHint} />
          {canBeCustom && (
            <Choice value="custom" icon={IconServer} name={say.addCustom} hint={say.addCustomHint} />
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** Its name is the name alone; the hint describes it. */
function Choice({ value, icon: Icon, name, hint }: ChoiceProps) {
  const hintId = useId()
  return (
    <Combobox.Option value={value} aria-describedby={hintId} className={classes.option}>
      <Icon size={22} stroke={1.6} aria-hidden className={classes.icon} />
      <span>
        <span className={classes.name}>{name}</span>
        <span className={classes.hint} id={hintId} aria-hidden>
          {hint}
        </span>
      </span>
    </Combobox.Option>
  )
}

interface ChoiceProps {
  value: string
  icon: typeof IconPlus
  name: string
  hint: string
}
