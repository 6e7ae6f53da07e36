import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef, useState } from 'react'
import { Confirm } from '../../components/confirm.tsx'
import { Trouble } from '../../components/trouble.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { call, useAct, useAnswer } from '../../program/call.ts'
import { useWriteFile } from '../../program/savings.ts'
import { upload } from '../../program/upload.ts'
import { ChoiceField } from './controls.tsx'
import { Line } from './field.tsx'
import { sayings } from './general-section.tsx'
import classes from './settings-page.module.css'

export function DataSection() {
  const { fields } = useDictionary().words.settings
  return (
    <>
      <DataFolder />
      <Backup />
      <Restore />
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

function Restore() {
  const { words } = useDictionary()
  const { ask, fields } = words.settings
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const { busy, failure, restore, cancel } = useRestore(() => setFile(null))
  return (
    <Line
      name={fields.restore.name}
      text={fields.restore.text}
      note={failure !== null && <Trouble error={failure} />}
    >
      <input
        ref={input}
        type="file"
        className={classes.hidden}
        tabIndex={-1}
        aria-label={fields.restore.action}
        onChange={(event) => {
          setFile(event.currentTarget.files?.[0] ?? null)
          event.currentTarget.value = ''
        }}
      />
      <Button variant="default" onClick={() => input.current?.click()}>
        {fields.restore.action}
      </Button>
      {file !== null && (
        <Confirm
          question={{ ...ask.restore, destructive: true }}
          busy={busy}
          onClose={cancel}
          onYes={() => restore(file)}
        />
      )}
    </Line>
  )
}

/** @param onEnd the question is answered: done, failed or taken back */
function useRestore(onEnd: () => void) {
  const { words, format } = useDictionary()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const handingOver = useRef<AbortController>(null)
  const restore = async (file: File): Promise<void> => {
    const taking = new AbortController()
    handingOver.current = taking
    setBusy(true)
    setFailure(null)
    try {
      const uploadId = await upload(file, { signal: taking.signal })
      taking.signal.throwIfAborted()
      // From here on nothing stops it.
      handingOver.current = null
      const done = await call('program.restore', { uploadId })
      notifications.show({
        message: words.settings.restored(format.count(done.messages), format.count(done.keys)),
        color: 'lagoon',
      })
    } catch (thrown) {
      if (!taking.signal.aborted) setFailure(thrown)
    } finally {
      handingOver.current = null
      setBusy(false)
      onEnd()
    }
  }
  const cancel = () => {
    if (busy) handingOver.current?.abort()
    else onEnd()
  }
  return { busy, failure, restore: (file: File) => void restore(file), cancel }
}
