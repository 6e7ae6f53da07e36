import { Button } from '@mantine/core'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallMutation, useCallQuery } from '../../program/ipc-call.ts'
import { goTo } from '../../shell/page-route.ts'
import { beginFirstRunAgain } from '../devices/first-run/use-first-run.ts'
import { ChoiceField, FlagField } from './controls.tsx'
import { Line } from './field.tsx'
import { useSetting } from './use-setting.ts'

export function GeneralSection() {
  const { fields } = useDictionary().t.settings
  const can = useCallQuery('program.info', {}).data?.can
  return (
    <>
      <ChoiceField
        setting="window.language"
        {...descriptions(fields.language)}
        choices={fields.language.choices}
      />
      <ChoiceField setting="window.theme" {...descriptions(fields.theme)} choices={fields.theme.choices} />
      {can?.startAtLogin === true && <StartAtLogin />}
      {can?.keepAwake === true && <FlagField setting="desktop.keepAwake" {...fields.keepAwake} />}
      {can?.notify === true && <FlagField setting="desktop.notifications" {...fields.notifications} />}
      <FirstStepsAgain />
    </>
  )
}

/** With what keeps it from happening, where the system says that. */
function StartAtLogin() {
  const { name, text, problems } = useDictionary().t.settings.fields.startAtLogin
  const isOn = useSetting('desktop.startAtLogin')?.value === true
  const problem = useCallQuery('program.info', {}).data?.loginItemProblem ?? null
  const said = isOn && problem !== null ? problems[problem] : text
  return <FlagField setting="desktop.startAtLogin" name={name} text={said} />
}

export const descriptions = ({ name, text }: { name: string; text: string }) => ({ name, text })

function FirstStepsAgain() {
  const { firstRun } = useDictionary().t.settings.fields
  const set = useCallMutation('settings.set')
  const again = () => {
    beginFirstRunAgain()
    set.mutate({ name: 'window.firstRunDone', value: false }, { onSuccess: () => goTo('devices') })
  }
  return (
    <Line name={firstRun.name} text={firstRun.text}>
      <Button variant="default" onClick={again} loading={set.isPending}>
        {firstRun.action}
      </Button>
    </Line>
  )
}
