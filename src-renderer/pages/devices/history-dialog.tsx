import { Text, Timeline } from '@mantine/core'
import type { Device, DeviceEvent } from '../../../src-preload/contract.ts'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'

const shown = 100

/** When a phone was connected, when it dropped, why, and for how long. */
export function HistoryDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useDictionary()
  const history = useCallQuery('devices.history', { id: device.id, limit: shown })
  return (
    <Dialog title={t.devices.historyTitle(device.name)} onClose={onClose} size="lg">
      <QueryBoundary of={history}>
        {(events) =>
          events.length === 0 ? (
            <Text c="dimmed">{t.devices.historyEmpty}</Text>
          ) : (
            <Timeline bulletSize={14} lineWidth={2} active={-1}>
              {events.map((event) => (
                <Timeline.Item key={`${event.at} ${event.state}`} title={t.devices.states[event.state]}>
                  <EventLine event={event} />
                </Timeline.Item>
              ))}
            </Timeline>
          )
        }
      </QueryBoundary>
    </Dialog>
  )
}

function EventLine({ event }: { event: DeviceEvent }) {
  const { t, format } = useDictionary()
  const lasted = event.lastedMs === null ? '' : ` · ${t.devices.lasted(format.duration(event.lastedMs))}`
  return (
    <>
      {event.reason !== null && <Text size="sm">{t.devices.reasons[event.reason].what}</Text>}
      <Text size="sm" c="dimmed" className="digits">
        {format.moment(event.at)}
        {lasted}
      </Text>
    </>
  )
}
