import { Text, Timeline } from '@mantine/core'
import type { Device, DeviceEvent } from '../../../src-preload/contract.ts'
import { Answer } from '../../components/answer.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useAnswer } from '../../program/call.ts'

const shown = 100

/** When a phone was connected, when it dropped, why, and for how long. */
export function HistoryDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { words } = useDictionary()
  const history = useAnswer('devices.history', { id: device.id, limit: shown })
  return (
    <Dialog title={words.devices.historyTitle(device.name)} onClose={onClose} size="lg">
      <Answer of={history}>
        {(events) =>
          events.length === 0 ? (
            <Text c="dimmed">{words.devices.historyEmpty}</Text>
          ) : (
            <Timeline bulletSize={14} lineWidth={2} active={-1}>
              {events.map((event) => (
                <Timeline.Item key={`${event.at} ${event.state}`} title={words.devices.states[event.state]}>
                  <EventLine event={event} />
                </Timeline.Item>
              ))}
            </Timeline>
          )
        }
      </Answer>
    </Dialog>
  )
}

function EventLine({ event }: { event: DeviceEvent }) {
  const { words, format } = useDictionary()
  const lasted = event.lastedMs === null ? '' : ` · ${words.devices.lasted(format.duration(event.lastedMs))}`
  return (
    <>
      {event.reason !== null && <Text size="sm">{words.devices.reasons[event.reason].what}</Text>}
      <Text size="sm" c="dimmed" className="digits">
        {format.moment(event.at)}
        {lasted}
      </Text>
    </>
  )
}
