import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { Device } from '../../src-preload/contract.ts'
import { useDictionary } from '../i18n/dictionary.tsx'

/** So many devices are seen at a glance; above that a field narrows them. */
const maxWithoutFilter = 12

/** Devices whose name or number has what was typed, and the field for it, null where there are few. */
export function useDeviceFilter(devices: readonly Device[]): { shown: Device[]; field: ReactNode } {
  const { t } = useDictionary()
  const [typed, setTyped] = useState('')
  if (devices.length <= maxWithoutFilter) return { shown: [...devices], field: null }
  const field = (
    <TextInput
      mb="md"
      maw="24rem"
      aria-label={t.devices.filter}
      placeholder={t.devices.filter}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  )
  return { shown: devices.filter((device) => fits(device, typed)), field }
}

function fits({ name, number }: Device, typed: string): boolean {
  const wanted = typed.trim().toLowerCase()
  const digits = wanted.replaceAll(/\D/g, '').replace(/^0+/, '')
  return name.toLowerCase().includes(wanted) || (digits !== '' && (number ?? '').includes(digits))
}
