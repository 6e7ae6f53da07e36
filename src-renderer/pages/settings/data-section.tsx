import { Button, Text } from '@mantine/core'
import { ErrorAlert } from '../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallMutation, useCallQuery } from '../../program/ipc-call.ts'
import { useWriteFile } from '../../program/use-downloads.ts'
import { ChoiceField } from './controls.tsx'
import { Line } from './field.tsx'
import { descriptions } from './general-section.tsx'
import { RestoreBackup } from './restore-backup.tsx'
import classes from './settings-page.module.css'

export function DataSection() {
  const { fields } = useDictionary().t.settings
  return (
    <>
      <DataFolder />
      <Backup />
      <RestoreBackup />
      <Diagnostics />
      <ChoiceField
        setting="diagnostics.logLevel"
        {...descriptions(fields.logLevel)}
        choices={fields.logLevel.choices}
      />
    </>
  )
}

function DataFolder() {
  const { fields } = useDictionary().t.settings
  const info = useCallQuery('program.info', {}).data
  const open = useCallMutation('program.openDataFolder')
  if (info === undefined) return null
  return (
    <Line
      name={fields.dataFolder.name}
      text={fields.dataFolder.text}
      note={
        <>
          <div className={classes.path}>{info.dataFolder}</div>
          <Text size="sm">{fields.sealed[info.sealedBy]}</Text>
        </>
      }
    >
      {info.can.openDataFolder && (
        <Button variant="default" onClick={() => open.mutate({})}>
          {fields.dataFolder.action}
        </Button>
      )}
    </Line>
  )
}

function Backup() {
  const { backup } = useDictionary().t.settings.fields
  const start = useWriteFile('program.backup', { showsFailure: true })
  return (
    <Line name={backup.name} text={backup.text} note={start.isError && <ErrorAlert error={start.error} />}>
      <Button variant="default" loading={start.isPending} onClick={() => start.mutate({})}>
        {backup.action}
      </Button>
    </Line>
  )
}

function Diagnostics() {
  const { diagnostics } = useDictionary().t.settings.fields
  const start = useWriteFile('program.diagnostics', { showsFailure: true })
  return (
    <Line
      name={diagnostics.name}
      text={diagnostics.text}
      note={start.isError && <ErrorAlert error={start.error} />}
    >
      <Button variant="default" loading={start.isPending} onClick={() => start.mutate({})}>
        {diagnostics.action}
      </Button>
    </Line>
  )
}
