import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef, useState } from 'react'
import type { AnswerOf } from '../../../src-preload/contract.ts'
import { Confirm } from '../../ui/overlay/confirm.tsx'
import { ErrorAlert } from '../../ui/layout/error-alert.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { call } from '../../program/ipc-call.ts'
import { upload } from '../../program/upload.ts'
import { Line } from './field.tsx'
import { RestoreQuestion, type RestoreChoice } from './restore-question.tsx'
import classes from './settings-page.module.css'

type Prepared = AnswerOf<'program.prepareRestore'>

/** A backup is chosen, read, and what it would open is asked about before anything of it is taken over. */
export function RestoreBackup() {
  const { t } = useDictionary()
  const { ask, fields } = t.settings
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const { busy, failure, prepared, prepare, finish, cancel } = useRestore(() => setFile(null))
  return (
    <Line
      name={fields.restore.name}
      text={fields.restore.text}
      note={failure !== null && <ErrorAlert error={failure} />}
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
      {file !== null && prepared === null && (
        <Confirm
          question={{ ...ask.restore, destructive: true }}
          busy={busy}
          onClose={cancel}
          onYes={() => prepare(file)}
        />
      )}
      {prepared !== null && <RestoreQuestion backup={prepared} busy={busy} onClose={cancel} onYes={finish} />}
    </Line>
  )
}

const nothingMore: RestoreChoice = { includeKeys: false, includeAccess: false }

/** @param onEnd the question is answered: done, failed or taken back */
function useRestore(onEnd: () => void) {
  const { t, format } = useDictionary()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const [prepared, setPrepared] = useState<Prepared | null>(null)
  const runInSendContext = useRef<AbortController>(null)

  const end = (): void => {
    setPrepared(null)
    onEnd()
  }
  const prepare = async (file: File): Promise<void> => {
    const taking = new AbortController()
    runInSendContext.current = taking
    setBusy(true)
    setFailure(null)
    try {
      const uploadId = await upload(file, { signal: taking.signal })
      taking.signal.throwIfAborted()
      const backup = await call('program.prepareRestore', { uploadId })
      if (taking.signal.aborted) return forget(backup)
      if (backup.newKeys.length > 0 || backup.access.length > 0) setPrepared(backup)
      else await lay(backup, nothingMore)
    } catch (error) {
      if (!taking.signal.aborted) setFailure(error)
      onEnd()
    } finally {
      runInSendContext.current = null
      setBusy(false)
    }
  }
  /** From here on nothing stops it. */
  const lay = async ({ restoreId }: Prepared, choice: RestoreChoice): Promise<void> => {
    runInSendContext.current = null
    const done = await call('program.restore', { restoreId, ...choice })
    notifications.show({
      message: t.settings.restored(format.count(done.messages), format.count(done.keys)),
      color: 'lagoon',
    })
    end()
  }
  const finish = async (choice: RestoreChoice): Promise<void> => {
    if (prepared === null) return
    setBusy(true)
    try {
      await lay(prepared, choice)
    } catch (error) {
      setFailure(error)
      end()
    } finally {
      setBusy(false)
    }
  }
  const forget = ({ restoreId }: Prepared): void => {
    // One that is forgotten all the same is swept at the next start.
    void call('program.cancelRestore', { restoreId }).catch(() => undefined)
    end()
  }
  const cancel = (): void => {
    if (prepared !== null) return busy ? undefined : forget(prepared)
    if (!busy) return end()
    runInSendContext.current?.abort()
  }
  return {
    busy,
    failure,
    prepared,
    prepare: (file: File) => void prepare(file),
    finish: (choice: RestoreChoice) => void finish(choice),
    cancel,
  }
}
