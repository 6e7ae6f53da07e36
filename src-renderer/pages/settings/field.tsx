import { Text } from '@mantine/core'
import { useId, useState, type ReactNode } from 'react'
import type { SettingName, SettingValue } from '../../../src-preload/contract.ts'
import { Confirm, type Question } from '../../ui/overlay/confirm.tsx'
import { FailureSentence } from '../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import classes from './settings-page.module.css'
import { useSetting } from './use-setting.ts'

/** A name and the sentence about it, beside what changes it. */
export function Line({ name, text, note, children }: LineProps) {
  return (
    <div className={classes.line}>
      <div className={classes.t}>
        <div className={classes.name}>{name}</div>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
        {note}
      </div>
      <div className={classes.control}>{children}</div>
    </div>
  )
}

interface LineProps {
  name: string
  text: string
  note?: ReactNode
  children: ReactNode
}

export interface FieldProps<Name extends SettingName> {
  setting: Name
  name: string
  text: string
  /** What to ask before a change is made; null where none is needed. */
  ask?: (next: SettingValue<Name>, now: SettingValue<Name>) => Question | null
}

export interface ControlProps<Value> {
  value: Value
  onChange: (value: Value) => void
  /** What was written is again what is kept. */
  onKept: () => void
  disabled: boolean
  label: string
  describedBy: string
}

interface SettingFieldProps<Name extends SettingName> extends FieldProps<Name> {
  renderControl: (props: ControlProps<SettingValue<Name>>) => ReactNode
}

/** One setting: its sentence, its control, the question before a dangerous change, what went wrong. */
export function SettingField<Name extends SettingName>(props: SettingFieldProps<Name>) {
  const { setting: settingName, name, text, ask, renderControl } = props
  const { t } = useDictionary()
  const setting = useSetting(settingName)
  const [wanted, setWanted] = useState<{ value: SettingValue<Name>; question: Question } | null>(null)
  const description = useId()
  if (setting === null) return null

  const change = (value: SettingValue<Name>) => {
    const question = ask?.(value, setting.value) ?? null
    if (question === null) setting.set(value)
    else setWanted({ value, question })
  }
  return (
    <div className={classes.line}>
      <div className={classes.t}>
        <div className={classes.name}>{name}</div>
        <Text size="sm" c="dimmed" id={description}>
          {text}
        </Text>
        {setting.overridden && <Text size="sm">{t.settings.overridden}</Text>}
        {setting.failure !== null && (
          <div role="alert" className={classes.failure}>
            <FailureSentence code={setting.failure.code} />
          </div>
        )}
      </div>
      <div className={classes.control}>
        {renderControl({
          value: setting.value,
          onChange: change,
          onKept: setting.forgetFailure,
          disabled: setting.overridden,
          label: name,
          describedBy: description,
        })}
      </div>
      {wanted !== null && (
        <Confirm
          question={wanted.question}
          onClose={() => setWanted(null)}
          onYes={() => {
            setting.set(wanted.value)
            setWanted(null)
          }}
        />
      )}
    </div>
  )
}
