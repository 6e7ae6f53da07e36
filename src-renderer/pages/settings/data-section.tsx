import { Button, Text } from '@mantine/core'
import { Trouble } from '../../components/trouble.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useAct, useAnswer } from '../../program/call.ts'
import { useWriteFile } from '../../program/savings.ts'
import { ChoiceField } from './controls.tsx'
import { Line } from './field.tsx'
import { sayings } from './general-section.tsx'
import { RestoreBackup } from './restore-backup.tsx'
import classes from './settings-page.module.css'

export function DataSection() {
  const { fields } = useDictionary().words.settings
  return (
    <>
      <DataFolder />
      <Backup />
      <RestoreBackup />
      <Diagnostics />
      <ChoiceField
        setting="diagnostics.logLevel"
        {...sayings(fields.logLevel)}
        choices={fields.logLevel.choices}
      />
    </>
  )
}

function DataFolder() {
  const { fields } = useDictionary().words.settings
  const info = useAnswer('program.info', {}).data
  const open = useAct('program.openDataFolder')
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
  const { backup } = useDictionary().words.settings.fields
  const start = useWriteFile('program.backup', { showsFailure: true })
  return (
    <Line name={backup.name} text={backup.text} note={start.isError && <Trouble error={start.error} />}>
      <Button variant="default" loading={start.isPending} onClick={() => start.mutate({})}>
        {backup.action}
      </Button>
    </Line>
  )
}

function Diagnostics() {
  const { diagnostics } = useDictionary().words.settings.fields
  const start = useWriteFile('program.diagnostics', { showsFailure: true })
  return (
    <Line
      name={diagnostics.name}
      text={diagnostics.text}
      note={start.isError && <Trouble error={start.error} />}
    >
      <Button variant="default" loading={start.isPending} onClick={() => start.mutate({})}>
        {diagnostics.action}
      </Button>
    </Line>
  )
}
