import { Button, NativeSelect, NumberInput, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { SettingName, SettingValue } from '../../../src-preload/contract.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { SettingField, type ControlProps, type FieldProps } from './field.tsx'
import classes from './settings-page.module.css'

/** Names of the settings whose values are of one type. */
type NamesOf<Value> = {
  [Name in SettingName]: SettingValue<Name> extends Value
    ? Value extends SettingValue<Name>
      ? Name
      : never
    : never
}[SettingName]

export function FlagField(props: FieldProps<NamesOf<boolean>>) {
  return (
    <SettingField
      {...props}
      renderControl={({ value, onChange, disabled, label, describedBy }) => (
        <Switch
          checked={value}
          disabled={disabled}
          aria-label={label}
          aria-describedby={describedBy}
          size="md"
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      )}
    />
  )
}

export function ChoiceField<Name extends SettingName>({
  choices,
  unset,
  ...props
}: FieldProps<Name> & { choices: Record<string, string>; unset?: string }) {
  return (
    <SettingField
      {...props}
      renderControl={({ value, onChange, disabled, label, describedBy }) => (
        <NativeSelect
          data={Object.entries(choices).map(([choice, name]) => ({ value: choice, label: name }))}
          value={typeof value === 'string' ? value : unset}
          disabled={disabled}
          aria-label={label}
          aria-describedby={describedBy}
          onChange={(event) => {
            const chosen = event.currentTarget.value
            // The choices offered are those of the setting's own schema; `unset` stands for none.
            onChange((chosen === unset ? null : chosen) as SettingValue<Name>)
          }}
        />
      )}
    />
  )
}

interface NumberFieldProps extends FieldProps<NamesOf<number> | 'api.requestsPerMinute'> {
  min: number
  max: number
}

/** Empty, they say that nothing was set. */
const mayBeEmpty: ReadonlySet<SettingName> = new Set(['api.requestsPerMinute'])

export function NumberField({ min, max, ...props }: NumberFieldProps) {
  return (
    <SettingField
      {...props}
      renderControl={(control) => (
        <NumberControl
          key={control.value}
          control={control}
          min={min}
          max={max}
          mayBeEmpty={mayBeEmpty.has(props.setting)}
        />
      )}
    />
  )
}

interface NumberControlProps {
  control: ControlProps<number> | ControlProps<number | null>
  min: number
  max: number
  mayBeEmpty: boolean
}

/** Takes effect when the field is left or Enter is pressed, not with every digit. */
function NumberControl({ control, min, max, mayBeEmpty }: NumberControlProps) {
  const { value, disabled, label, describedBy } = control
  const { settings } = useDictionary().t
  const [written, setWritten] = useState<number | string>(value ?? '')
  const [refused, setRefused] = useState(false)
  const commit = () => {
    const next = written === '' ? null : Number(written)
    const fits = next === null ? mayBeEmpty : Number.isInteger(next) && next >= min && next <= max
    setRefused(!fits && written !== (value ?? ''))
    if (!fits) setWritten(value ?? '')
    else if (next !== value) {
      // Only a setting that may be empty comes here with nothing.
      control.onChange(next as number)
      setWritten(value ?? '')
    }
  }
  return (
    <NumberInput
      value={written}
      min={min}
      max={max}
      disabled={disabled}
      allowDecimal={false}
      hideControls
      aria-label={label}
      aria-describedby={describedBy}
      error={refused && settings.between(String(min), String(max))}
      onChange={setWritten}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  )
}

/** `shown`: how the program shows what was written, where it keeps a part of it to itself. */
export function TextField({
  shown = asWritten,
  ...props
}: FieldProps<NamesOf<string>> & { shown?: (written: string) => string }) {
  return (
    <SettingField
      {...props}
      renderControl={(control) => <TextControl key={control.value} control={control} shown={shown} />}
    />
  )
}

const asWritten = (written: string) => written

interface TextControlProps {
  control: ControlProps<string>
  shown: (written: string) => string
}

function TextControl({ control, shown }: TextControlProps) {
  const { value, disabled, label, describedBy, onChange, onKept } = control
  const [written, setWritten] = useState(value)
  const commit = () => {
    const next = written.trim()
    if (next === value) return onKept()
    onChange(next)
    // Only a part that is not shown is another one: the value stays, and with it this field.
    if (shown(next) === value) setWritten(value)
  }
  return (
    <TextInput
      value={written}
      disabled={disabled}
      aria-label={label}
      aria-describedby={describedBy}
      onChange={(event) => setWritten(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  )
}

export function ListField(props: FieldProps<NamesOf<string[]>>) {
  return (
    <SettingField
      {...props}
      renderControl={(control) => <ListControl key={control.value.join()} control={control} />}
    />
  )
}

/** A line each; kept only at a press, because half a list can be a wrong one. */
function ListControl({ control }: { control: ControlProps<string[]> }) {
  const { t } = useDictionary()
  const { value, disabled, label, describedBy, onChange, onKept } = control
  const kept = value.join('\n')
  const [written, setWritten] = useState(kept)
  const lines = linesOf(written)
  const write = (text: string) => {
    setWritten(text)
    if (linesOf(text).join('\n') === kept) onKept()
  }
  return (
    <div className={classes.list}>
      <Textarea
        value={written}
        disabled={disabled}
        autosize
        minRows={2}
        maxRows={8}
        placeholder={t.settings.listHint}
        aria-label={label}
        aria-describedby={describedBy}
        onChange={(event) => write(event.currentTarget.value)}
      />
      {lines.join('\n') !== kept && (
        <Button size="compact-sm" onClick={() => onChange(lines)}>
          {t.common.save}
        </Button>
      )}
    </div>
  )
}

const linesOf = (written: string) =>
  written.split(/[\n,]/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
