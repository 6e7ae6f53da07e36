import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconFilterOff, IconSearch } from '@tabler/icons-react'
import type { MessageState } from '../../../src-preload/contract.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'
import {
  anything,
  chooseInLog,
  filterFor,
  isAnything,
  useLogChoice,
  type LogChoice,
  type TimeChoice,
} from './filter.ts'
import classes from './log-page.module.css'

export function Filters() {
  const { t } = useDictionary()
  const choice = useLogChoice()
  return (
    <search className={classes.filters} aria-label={t.log.filters}>
      <TextInput
        type="search"
        className={classes.search}
        aria-label={t.log.search}
        placeholder={t.log.searchHint}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={choice.search}
        onChange={(event) => chooseInLog({ search: event.currentTarget.value })}
      />
      <DeviceFilter choice={choice} />
      <StateFilter choice={choice} />
      <KeyFilter choice={choice} />
      <TimeFilter choice={choice} />
      {!isAnything(filterFor(choice)) && (
        <Button
          variant="subtle"
          leftSection={<IconFilterOff size={16} />}
          onClick={() => chooseInLog(anything)}
        >
          {t.log.clear}
        </Button>
      )}
    </search>
  )
}

function DeviceFilter({ choice }: { choice: LogChoice }) {
  const { log } = useDictionary().t
  const devices = useCallQuery('devices.list', {}).data ?? []
  const { deviceId } = choice
  // One that was removed: its messages are still asked for, and that is to be seen.
  const isGone = deviceId !== null && !devices.some(({ id }) => id === deviceId)
  return (
    <NativeSelect
      aria-label={log.deviceFilter}
      value={choice.deviceId ?? ''}
      data={[
        { value: '', label: log.anyDevice },
        ...devices.map(({ id, name }) => ({ value: id, label: name })),
        ...(isGone ? [{ value: deviceId, label: log.someDevice }] : []),
      ]}
      onChange={(event) => chooseInLog({ deviceId: event.currentTarget.value || null })}
    />
  )
}

function StateFilter({ choice }: { choice: LogChoice }) {
  const { t } = useDictionary()
  const states = Object.entries(t.messageStates).map(([value, label]) => ({ value, label }))
  const groups = Object.entries(t.log.stateGroups).map(([value, label]) => ({ value, label }))
  return (
    <NativeSelect
      aria-label={t.log.stateFilter}
      value={choice.state ?? ''}
      onChange={(event) => chooseInLog({ state: (event.currentTarget.value || null) as MessageState | null })}
    >
      <option value="">{t.log.anyState}</option>
      {groups.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
      <hr />
      {states
        .filter(({ value }) => value !== 'failed')
        .map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
    </NativeSelect>
  )
}

function KeyFilter({ choice }: { choice: LogChoice }) {
  const { log } = useDictionary().t
  const names = (useCallQuery('keys.list', {}).data?.keys ?? []).map(({ name }) => name)
  const { keyName } = choice
  // A revoked one, likewise.
  if (keyName !== null && !names.includes(keyName)) names.push(keyName)
  return (
    <NativeSelect
      aria-label={log.keyFilter}
      value={choice.keyName ?? ''}
      data={[
        { value: '', label: log.anyKey },
        ...names.map((name) => ({ value: name, label: log.by(name) })),
      ]}
      onChange={(event) => chooseInLog({ keyName: event.currentTarget.value || null })}
    />
  )
}

function TimeFilter({ choice }: { choice: LogChoice }) {
  const { log } = useDictionary().t
  return (
    <>
      <NativeSelect
        aria-label={log.timeFilter}
        value={choice.time}
        data={Object.entries(log.times).map(([value, label]) => ({ value, label }))}
        onChange={(event) => chooseInLog({ time: event.currentTarget.value as TimeChoice })}
      />
      {choice.time === 'range' && (
        <>
          <TextInput
            type="date"
            aria-label={log.fromDay}
            value={choice.fromDay}
            onChange={(event) => chooseInLog({ fromDay: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            aria-label={log.toDay}
            value={choice.toDay}
            onChange={(event) => chooseInLog({ toDay: event.currentTarget.value })}
          />
        </>
      )}
    </>
  )
}
