import { Button } from '@mantine/core'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useAct, useAnswer } from '../../program/call.ts'
import { goTo } from '../../shell/route.ts'
import { beginFirstRunAgain } from '../devices/first-run/use-first-run.ts'
import { ChoiceField, FlagField } from './controls.tsx'
import { Line } from './field.tsx'
import { useSetting } from './use-setting.ts'

export function GeneralSection() {
  const { fields } = useDictionary().words.settings
  const can = useAnswer('program.info', {}).data?.can
  return (
    <>
      <ChoiceField
        setting="window.language"
        {...sayings(fields.language)}
        choices={fields.language.choices}
      />
      <ChoiceField setting="window.theme" {...sayings(fields.theme)} choices={fields.theme.choices} />
      {can?.startAtLogin === true && <StartAtLogin />}
      {can?.keepAwake === true && <FlagField setting="desktop.keepAwake" {...fields.keepAwake} />}
      {can?.notify === true && <FlagField setting="desktop.notifications" {...fields.notifications} />}
      <FirstStepsAgain />
    </>
  )
}

/** With what keeps it from happening, where the system says that. */
function StartAtLogin() {
  const { name, text, problems } = useDictionary().words.settings.fields.startAtLogin
  const isOn = useSetting('desktop.startAtLogin')?.value === true
  const problem = useAnswer('program.info', {}).data?.loginItemProblem ?? null
  const said = isOn && problem !== null ? problems[problem] : text
  return <FlagField setting="desktop.startAtLogin" name={name} text={said} />
}

export const sayings = ({ name, text }: { name: string; text: string }) => ({ name, text })

function FirstStepsAgain() {
  const { firstRun } = useDictionary().words.settings.fields
  const set = useAct('settings.set')
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
