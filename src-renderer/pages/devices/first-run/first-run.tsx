import { Button, Group, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import { goTo } from '../../../shell/page-route.ts'
import { useAddSandboxDevice } from '../pairing/use-add-sandbox-device.ts'
import classes from './first-run.module.css'
import { useFirstRun } from './use-first-run.ts'

/** The first start, in three steps that tick themselves off; skipped or done, it stays away. */
export function FirstRun({ onPhone }: { onPhone: () => void }) {
  const { t } = useDictionary()
  const { firstRun: say } = t
  const { shown, devices, hasSent, hasKey, finish } = useFirstRun()
  const practice = useAddSandboxDevice(devices)
  if (!shown) return null
  const connected = devices.find((device) => device.state.name === 'connected')
  // A phone that is linked stays so while the line is down.
  const linked = connected ?? devices.find((device) => device.paired)
  const all = linked !== undefined && hasSent && hasKey
  return (
    <section className={classes.panel} aria-label={say.title}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title}>{say.title}</h2>
          <Text c="dimmed">{say.intro}</Text>
        </div>
        <Button variant={all ? 'filled' : 'subtle'} onClick={finish}>
          {all ? say.finish : say.skip}
        </Button>
      </div>
      <ol className={classes.steps} aria-label={say.steps}>
        <Step
          done={linked !== undefined}
          title={say.phone.title}
          text={linked === undefined ? say.phone.text : say.phone.done(linked.name)}
        >
          <Button size="xs" onClick={onPhone}>
            {say.phone.real}
          </Button>
          <Button size="xs" variant="default" loading={practice.busy} onClick={practice.add}>
            {say.phone.practice}
          </Button>
        </Step>
        <Step done={hasSent} title={say.message.title} text={hasSent ? say.message.done : say.message.text}>
          <Button size="xs" variant="default" disabled={connected === undefined} onClick={() => goTo('send')}>
            {say.message.action}
          </Button>
        </Step>
        <Step done={hasKey} title={say.program.title} text={hasKey ? say.program.done : say.program.text}>
          <Button size="xs" variant="default" onClick={() => goTo('api')}>
            {say.program.action}
          </Button>
        </Step>
      </ol>
    </section>
  )
}

interface StepProps {
  done: boolean
  title: string
  text: string
  children: ReactNode
}

function Step({ done, title, text, children }: StepProps) {
  return (
    <li className={classes.step} data-done={done || undefined}>
      <span className={classes.mark} aria-hidden>
        {done ? <IconCheck size={16} /> : null}
      </span>
      <div className={classes.t}>
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
        {!done && (
          <Group gap="xs" mt="sm">
            {children}
          </Group>
        )}
      </div>
    </li>
  )
}
