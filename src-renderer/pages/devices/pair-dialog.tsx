import { Button, Group, Loader, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Device } from '../../../src-preload/contract.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Trouble } from '../../components/trouble.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useAct } from '../../program/call.ts'
import { CodeNumber } from './code-number.tsx'
import { reasonOf } from './device-words.ts'
import classes from './pair-dialog.module.css'
import { PairingCode, PairingQr, PairingSteps } from './pairing-parts.tsx'

interface PairDialogProps {
  device: Device
  onClose: () => void
  /** Another device took this one's place: a number was added for pairing by code. */
  onInstead: (id: string) => void
}

/** Links one phone, by QR or by code; follows the device's own state until it is connected or failed. */
export function PairDialog({ device, onClose, onInstead }: PairDialogProps) {
  const { words } = useDictionary()
  const [how, setHow] = useState<'qr' | 'code'>('qr')
  const pair = useAct('devices.pair')
  const cancel = useAct('devices.cancelPairing')
  const started = useRef<string | null>(null)

  const begin = (way: 'qr' | 'code') => {
    started.current = `${device.id} ${way}`
    pair.mutate({ id: device.id, how: way })
  }
  useEffect(() => {
    const needsNumber = how === 'code' && device.number === null
    if (started.current !== `${device.id} ${how}` && !needsNumber && device.state.name !== 'connected')
      begin(how)
  })

  const close = () => {
    if (device.state.name === 'pairing') cancel.mutate({ id: device.id })
    onClose()
  }
  return (
    <Dialog title={words.pairing.title(device.name)} onClose={close} size="46rem">
      <PairContent
        device={device}
        how={how}
        failure={pair.error}
        onHow={setHow}
        onAgain={() => begin(how)}
        onClose={close}
        onInstead={onInstead}
      />
    </Dialog>
  )
}

interface PairContentProps extends PairDialogProps {
  how: 'qr' | 'code'
  failure: unknown
  onHow: (how: 'qr' | 'code') => void
  onAgain: () => void
}

function PairContent({ device, how, failure, onHow, onAgain, onClose, onInstead }: PairContentProps) {
  const { words } = useDictionary()
  const { state } = device
  const ended = useEnded(device)
  if (state.name === 'connected') return <Success device={device} onClose={onClose} />
  if (failure !== null) return <Trouble error={failure} onAgain={onAgain} />
  if (ended) return <Failed device={device} onAgain={onAgain} />
  if (how === 'code' && device.number === null) {
    return <CodeNumber device={device} onBack={() => onHow('qr')} onInstead={onInstead} />
  }
  if (state.name === 'connecting' || state.name === 'waiting') return <Linking />
  const pairing = state.name === 'pairing' ? state : null
  return (
    <Stack>
      <div className={classes.columns}>
        {how === 'qr' ? <PairingQr qr={pairing?.qr ?? null} /> : <PairingCode code={pairing?.code ?? null} />}
        <PairingSteps how={how} />
      </div>
      <Group justify="space-between">
        <Button variant="subtle" onClick={() => onHow(how === 'qr' ? 'code' : 'qr')}>
          {how === 'qr' ? words.pairing.useCode : words.pairing.useQr}
        </Button>
        {device.kind === 'sandbox' && <Practise device={device} />}
      </Group>
    </Stack>
  )
}

/** Whether a pairing that was under way here came to an end without a connection. */
function useEnded(device: Device): boolean {
  const [began, setBegan] = useState(false)
  const { name } = device.state
  useEffect(() => {
    if (name === 'pairing' || name === 'connecting') setBegan(true)
  }, [name])
  return began && (name === 'unpaired' || name === 'stopped')
}

function Success({ device, onClose }: { device: Device; onClose: () => void }) {
  const { words } = useDictionary()
  return (
    <Stack align="center" py="lg" role="status">
      <IconCircleCheck size={56} stroke={1.4} color="var(--kurir-good)" aria-hidden />
      <Text size="lg" fw={600}>
        {words.pairing.success(device.name)}
      </Text>
      <Button onClick={onClose} data-autofocus>
        {words.common.done}
      </Button>
    </Stack>
  )
}

function Failed({ device, onAgain }: { device: Device; onAgain: () => void }) {
  const { words } = useDictionary()
  const reason = reasonOf(device)
  const sentence = words.devices.reasons[reason ?? 'pairing_refused']
  return (
    <Stack role="alert">
      <Text fw={600}>{words.pairing.failed}</Text>
      <div>
        <Text>{sentence.what}</Text>
        {sentence.todo !== null && <Text c="dimmed">{sentence.todo}</Text>}
      </div>
      <Group justify="flex-end">
        <Button onClick={onAgain}>{words.pairing.again}</Button>
      </Group>
    </Stack>
  )
}

function Linking() {
  const { words } = useDictionary()
  return (
    <Stack align="center" py="xl" role="status">
      <Loader size="md" />
      <Text>{words.pairing.linking}</Text>
    </Stack>
  )
}

function Practise({ device }: { device: Device }) {
  const { words } = useDictionary()
  const scan = useAct('sandbox.scan')
  return (
    <Button loading={scan.isPending} onClick={() => scan.mutate({ id: device.id })}>
      {words.pairing.practise}
    </Button>
  )
}
