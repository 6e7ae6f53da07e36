import { IconDeviceMobilePlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Device } from '../../../src-preload/contract.ts'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { useDeviceFilter } from '../../ui/device-filter.tsx'
import { Empty } from '../../ui/layout/empty.tsx'
import { PageHeader } from '../../ui/layout/page-header.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'
import { AddDevice } from './pairing/add-device.tsx'
import { DeviceCard } from './device-card.tsx'
import classes from './devices-page.module.css'
import { FirstRun } from './first-run/first-run.tsx'
import { PairDialog, type PairWay } from './pairing/pair-dialog.tsx'
import { PhoneDialog } from './pairing/phone-dialog.tsx'

export function DevicesPage({ id }: { id: string | null }) {
  const { t } = useDictionary()
  const devices = useCallQuery('devices.list', {})
  const [pairing, setPairing] = useState<{ id: string; way: PairWay } | null>(null)
  const [naming, setNaming] = useState<'whatsapp' | 'custom' | null>(null)
  const paired = devices.data?.find((device) => device.id === pairing?.id)
  return (
    <>
      <PageHeader title={t.devices.title} intro={t.devices.intro}>
        <AddDevice devices={devices.data ?? []} onPhone={setNaming} />
      </PageHeader>
      <FirstRun onPhone={() => setNaming('whatsapp')} />
      <QueryBoundary of={devices}>
        {(list) => (
          <Cards devices={list} shown={id} onPair={(device) => setPairing({ id: device, way: 'qr' })} />
        )}
      </QueryBoundary>
      {naming !== null && (
        <PhoneDialog
          kind={naming}
          devices={devices.data ?? []}
          onClose={() => setNaming(null)}
          onAdded={(device) => {
            setNaming(null)
            setPairing({ id: device.id, way: 'qr' })
          }}
        />
      )}
      {paired !== undefined && pairing !== null && (
        <PairDialog
          key={`${pairing.id} ${pairing.way}`}
          device={paired}
          way={pairing.way}
          onClose={() => setPairing(null)}
          onPair={(device, way) => setPairing({ id: device, way })}
        />
      )}
    </>
  )
}

interface CardsProps {
  devices: Device[]
  /** The device that a notification or the tray asked for. */
  shown: string | null
  onPair: (id: string) => void
}

function Cards({ devices, shown, onPair }: CardsProps) {
  const { t } = useDictionary()
  const today = useCallQuery('messages.today', {}).data
  const filter = useDeviceFilter(devices)
  if (devices.length === 0) {
    return (
      <Empty
        icon={<IconDeviceMobilePlus size={30} stroke={1.6} />}
        title={t.devices.emptyTitle}
        text={t.devices.empty}
      />
    )
  }
  return (
    <>
      {filter.field}
      <ul className={classes.cards}>
        {filter.shown.map((device) => (
          <li key={device.id}>
            <DeviceCard
              device={device}
              today={today?.[device.id]}
              shown={device.id === shown}
              onPair={() => onPair(device.id)}
            />
          </li>
        ))}
      </ul>
    </>
  )
}
