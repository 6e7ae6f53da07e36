import { Badge, Button, Group, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { DayCount, Device } from '../../../src-preload/contract.ts'
import { useNow } from '../../ui/use-now.ts'
import { phone } from '../../i18n/format.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallMutation } from '../../program/ipc-call.ts'
import classes from './device-card.module.css'
import { DeviceMenu } from './device-menu.tsx'
import { RelinkAdvice } from './pairing/relink-advice.tsx'
import { mainActionOf, reasonOf, stateIcons, toneOf } from './device-words.ts'

interface DeviceCardProps {
  device: Device
  today: DayCount | undefined
  /** Whether somebody asked for this one: it is brought into view. */
  shown: boolean
  onPair: () => void
}

/** One phone: who it is, how it is, why, and what can be done. */
export function DeviceCard({ device, today, shown, onPair }: DeviceCardProps) {
  const { t, format } = useDictionary()
  const { devices: say } = t
  const card = useRef<HTMLElement>(null)
  const StateIcon = stateIcons[device.state.name]
  useEffect(() => {
    if (shown) card.current?.scrollIntoView({ block: 'nearest' })
  }, [shown])
  return (
    <article
      ref={card}
      className={classes.card}
      data-tone={toneOf(device)}
      data-shown={shown || undefined}
      aria-label={device.name}
    >
      <div className={classes.head}>
        <div className={classes.icon} aria-hidden>
          <StateIcon size={22} stroke={1.7} />
        </div>
        <div className={classes.who}>
          <h2 className={classes.name}>
            {/^\d{7,15}$/.test(device.name) ? phone(device.name) : device.name}
          </h2>
          <Text size="sm" c="dimmed" className="digits">
            {device.number === null ? say.noNumber : phone(device.number)}
          </Text>
        </div>
        {device.kind !== 'whatsapp' && (
          <Badge variant="default" size="sm" className={classes.kind}>
            {say.kinds[device.kind]}
          </Badge>
        )}
        <DeviceMenu device={device} />
      </div>
      <StateLine device={device} />
      {device.timeLock !== null && (
        <p className={classes.lock}>
          {say.timeLock(device.timeLock.until === null ? null : format.moment(device.timeLock.until))}
        </p>
      )}
      <NewChatQuota device={device} />
      <RelinkAdvice device={device} onPair={onPair} />
      <div className={classes.foot}>
        <Text size="sm" c="dimmed" className="digits">
          {todayOf(today)}
        </Text>
        <MainActionButton device={device} onPair={onPair} />
      </div>
    </article>
  )

  function todayOf(count: DayCount | undefined): string {
    const parts = [say.todaySent(format.count(count?.sent ?? 0))]
    if ((count?.failed ?? 0) > 0) parts.push(say.todayFailed(format.count(count?.failed ?? 0)))
    if ((count?.waiting ?? 0) > 0) parts.push(say.todayWaiting(format.count(count?.waiting ?? 0)))
    return parts.join(' · ')
  }
}

/** What WhatsApp lets the account begin of new chats, where it names a number. */
function NewChatQuota({ device: { newChatQuota } }: { device: Device }) {
  const { t, format } = useDictionary()
  const { devices: say } = t
  if (newChatQuota === null) return null
  const { used, total, usedUp } = newChatQuota
  const until = newChatQuota.until === null ? null : format.moment(newChatQuota.until)
  const gauge =
    used === null || total === null ? null : say.newChats(format.count(used), format.count(total), until)
  return (
    <>
      {usedUp && <p className={classes.lock}>{say.newChatsUsedUp(until)}</p>}
      {gauge !== null && (
        <Text size="sm" c="dimmed" className="digits">
          {gauge}
        </Text>
      )}
    </>
  )
}

function StateLine({ device }: { device: Device }) {
  const { t, format } = useDictionary()
  const { devices: say } = t
  const { state } = device
  const reason = reasonOf(device)
  const sentence = reason === null || state.name === 'connected' ? null : say.reasons[reason]
  const isNeverPaired = !device.paired && device.pairedAt === null && device.lastConnectedAt === null
  const trying = state.name === 'connecting' || state.name === 'waiting'
  return (
    <div className={classes.state}>
      <p className={classes.t}>
        <strong>{say.states[state.name]}</strong>
        {trying && state.attempt > 1 && ` · ${say.attempt(state.attempt)}`}
        {state.name === 'waiting' && <NextTry at={state.nextTryAt} />}
        {!trying && ` ${say.since(format.moment(device.stateSince))}`}
      </p>
      {isNeverPaired && <p className={classes.todo}>{say.neverPaired}</p>}
      {sentence !== null && <p className={classes.reason}>{sentence.what}</p>}
      {sentence?.todo != null && <p className={classes.todo}>{sentence.todo}</p>}
    </div>
  )
}

function NextTry({ at }: { at: number }) {
  const { t, format } = useDictionary()
  const left = at - useNow(1_000)
  return left > 0 ? ` · ${t.devices.nextTry(t.common.inTime(format.duration(left)))}` : null
}

function MainActionButton({ device, onPair }: { device: Device; onPair: () => void }) {
  const { devices: say } = useDictionary().t
  const connect = useCallMutation('devices.connect')
  const action = mainActionOf(device)
  if (action === null) return null
  return (
    <Group>
      <Button
        size="xs"
        variant={action === 'connect' ? 'default' : 'filled'}
        loading={connect.isPending}
        onClick={() => (action === 'connect' ? connect.mutate({ id: device.id }) : onPair())}
      >
        {say[action]}
      </Button>
    </Group>
  )
}
