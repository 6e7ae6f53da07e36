import { Button } from '@mantine/core'
import { IconDeviceMobileOff } from '@tabler/icons-react'
import type { Device } from '../../../src-preload/contract.ts'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { Empty } from '../../ui/layout/empty.tsx'
import { PageHeader } from '../../ui/layout/page-header.tsx'
import { Card } from '../../ui/layout/card.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'
import { goTo } from '../../shell/page-route.ts'
import { AsCall } from './as-call.tsx'
import type { Draft } from './draft.ts'
import { Preview } from './preview.tsx'
import { Result } from './result.tsx'
import { SendForm } from './send-form.tsx'
import { useSubmission } from './submission.ts'
import classes from './send-page.module.css'
import { useDraft } from './use-draft.ts'

export function SendPage() {
  const { t } = useDictionary()
  const devices = useCallQuery('devices.list', {})
  return (
    <>
      <PageHeader title={t.send.title} intro={t.send.intro} />
      <QueryBoundary of={devices}>
        {(list) => (list.length === 0 ? <NoDevices /> : <SendPanel devices={list} />)}
      </QueryBoundary>
    </>
  )
}

function NoDevices() {
  const { send } = useDictionary().t
  return (
    <Empty icon={<IconDeviceMobileOff size={30} stroke={1.6} />} title={send.noDevices} text={send.intro}>
      <Button mt="sm" onClick={() => goTo('devices')}>
        {send.goToDevices}
      </Button>
    </Empty>
  )
}

function SendPanel({ devices }: { devices: Device[] }) {
  const [draft, changeDraft] = useDraft()
  const submission = useSubmission()
  const { answer, messages } = submission
  const device = chosenDevice(devices, draft.deviceId)
  // What is written is written for the phone that is shown: another one's number does not send it when that one drops.
  const change = (changes: Partial<Draft>) => changeDraft({ deviceId: device.id, ...changes })
  return (
    <div className={classes.panel}>
      <div className={classes.column}>
        <Card>
          <SendForm devices={devices} device={device} draft={draft} change={change} submission={submission} />
        </Card>
        {answer !== null && <Result key={answer.requestId} submitted={answer} messages={messages} />}
        <AsCall draft={draft} device={device} />
      </div>
      <Preview draft={draft} />
    </div>
  )
}

/** The one chosen before, else one that can send now. */
function chosenDevice(devices: Device[], id: string | null): Device {
  const chosen =
    devices.find((device) => device.id === id) ??
    devices.find((device) => device.state.name === 'connected') ??
    devices[0]
  if (chosen === undefined) throw new Error('there is no device to choose')
  return chosen
}
