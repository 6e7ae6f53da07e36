import { Button, Group, Loader, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Device } from '../../../../src-preload/contract.ts'
import { Dialog } from '../../../ui/overlay/dialog.tsx'
import { ErrorAlert } from '../../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import { useCallMutation } from '../../../program/ipc-call.ts'
import { CodeNumber } from './code-number.tsx'
import { reasonOf } from '../device-words.ts'
import classes from './pair-dialog.module.css'
import { PairingCode, PairingQr, PairingSteps } from './pairing-parts.tsx'

export type PairWay = 'qr' | 'code'

interface PairDialogProps {
  device: Device
  way: PairWay
  onClose: () => void
  /** Another way, or another device in this one's place (a number was added for pairing by code). */
  onPair: (id: string, way: PairWay) => void
}

/**
 * Links one phone, by QR or by code; follows the device's own state until it is connected or failed. Drawn
 * anew (by its key) for another device or another way.
 */
export function PairDialog({ device, way, onClose, onPair }: PairDialogProps) {
  const { t } = useDictionary()
  const needsNumber = way === 'code' && device.number === null
  const pairing = usePairing(device, way, !needsNumber && !isLinked(device))
  const cancel = useCallMutation('devices.cancelPairing')
  const close = () => {
    if (device.state.name === 'pairing') cancel.mutate({ id: device.id })
    onClose()
  }
  return (
    <Dialog title={t.pairing.title(device.name)} onClose={close} size="50rem">
      {needsNumber ? (
        <CodeNumber
          device={device}
          onBack={() => onPair(device.id, 'qr')}
          onInstead={(id) => onPair(id, 'code')}
        />
      ) : (
        <PairContent device={device} way={way} pairing={pairing} onClose={onClose} onPair={onPair} />
      )}
    </Dialog>
  )
}

/** The phone has scanned, maybe while a number was still asked for here: a pairing begun anew would undo the link. */
function isLinked({ state }: Device): boolean {
  return state.name === 'connecting' || state.name === 'waiting' || state.name === 'connected'
}

interface Pairing {
  failure: unknown
  /** Whether it came to an end without a connection. */
  ended: boolean
  again: () => void
}

/** Begins a pairing when the dialog opens, and again at a press. */
function usePairing(device: Device, way: PairWay, wanted: boolean): Pairing {
  const { error, mutate } = useCallMutation('devices.pair', { showsFailure: true })
  const [before, setBefore] = useState(device.stateSince)
  const { id } = device
  const begun = useRef(false)
  useEffect(() => {
    if (!wanted || begun.current) return
    begun.current = true
    mutate({ id, how: way })
  }, [id, mutate, wanted, way])
  const idle = device.state.name === 'unpaired' || device.state.name === 'stopped'
  return {
    failure: error,
    ended: idle && device.stateSince !== before,
    again: () => {
      setBefore(device.stateSince)
      mutate({ id, how: way })
    },
  }
}

interface PairContentProps extends PairDialogProps {
  pairing: Pairing
}

function PairContent({ device, way, pairing, onClose, onPair }: PairContentProps) {
  const { t } = useDictionary()
  const { state } = device
  if (state.name === 'connected') return <Success device={device} onClose={onClose} />
  if (pairing.failure !== null) return <ErrorAlert error={pairing.failure} onAgain={pairing.again} />
  if (pairing.ended) return <Failed device={device} onAgain={pairing.again} />
  if (state.name === 'connecting' || state.name === 'waiting') return <Linking />
  const shown = state.name === 'pairing' ? state : null
  return (
    <div className={classes.columns}>
      {way === 'qr' ? <PairingQr qr={shown?.qr ?? null} /> : <PairingCode code={shown?.code ?? null} />}
      <div className={classes.how}>
        <PairingSteps how={way} />
        <Group gap="sm">
          {device.kind === 'sandbox' && <Practise device={device} />}
          <Button variant="default" onClick={() => onPair(device.id, way === 'qr' ? 'code' : 'qr')}>
            {way === 'qr' ? t.pairing.useCode : t.pairing.useQr}
          </Button>
        </Group>
      </div>
    </div>
  )
}

function Success({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useDictionary()
  return (
    <Stack align="center" py="lg" role="status">
      <IconCircleCheck size={56} stroke={1.4} color="var(--kurir-good)" aria-hidden />
      <Text size="lg" fw={600}>
        {t.pairing.success(device.name)}
      </Text>
      <Button onClick={onClose} data-autofocus>
        {t.common.done}
      </Button>
    </Stack>
  )
}

function Failed({ device, onAgain }: { device: Device; onAgain: () => void }) {
  const { t } = useDictionary()
  const reason = reasonOf(device)
  const sentence = t.devices.reasons[reason ?? 'pairing_refused']
  return (
    <Stack role="alert">
      <Text fw={600}>{t.pairing.failed}</Text>
      <div>
        <Text>{sentence.what}</Text>
        {sentence.todo !== null && <Text c="dimmed">{sentence.todo}</Text>}
      </div>
      <Group justify="flex-end">
        <Button onClick={onAgain}>{t.pairing.again}</Button>
      </Group>
    </Stack>
  )
}

function Linking() {
  const { t } = useDictionary()
  return (
    <Stack align="center" py="xl" role="status">
      <Loader size="md" />
      <Text>{t.pairing.linking}</Text>
    </Stack>
  )
}

function Practise({ device }: { device: Device }) {
  const { t } = useDictionary()
  const scan = useCallMutation('sandbox.scan')
  return (
    <Button loading={scan.isPending} onClick={() => scan.mutate({ id: device.id })}>
      {t.pairing.practise}
    </Button>
  )
}
