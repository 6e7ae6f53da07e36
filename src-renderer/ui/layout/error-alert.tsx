import { Button, Group, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useDictionary } from '../../i18n/dictionary.tsx'
import type { FailureCode } from '../../../src-preload/contract.ts'
import type { Sentence } from '../../i18n/en/devices.ts'
import { CallFailure } from '../../program/ipc-call.ts'
import { WindowFailure } from '../../program/window-failure.ts'
import classes from './error-alert.module.css'

/** A failure in plain words, with what to do; `onAgain` where trying again makes sense. */
export function ErrorAlert({ error, onAgain }: { error: unknown; onAgain?: () => void }) {
  const { t } = useDictionary()
  return (
    <div className={classes.trouble} role="alert">
      <IconAlertCircle size={20} aria-hidden className={classes.icon} />
      <div>
        {error instanceof WindowFailure ? (
          <Told sentence={t.common.windowFailures[error.code]} />
        ) : (
          <FailureSentence code={error instanceof CallFailure ? error.code : 'internal_error'} />
        )}
        {onAgain !== undefined && (
          <Group mt="xs">
            <Button size="compact-sm" variant="default" onClick={onAgain}>
              {t.common.tryAgain}
            </Button>
          </Group>
        )}
      </div>
    </div>
  )
}

/** What a failure's code means, and what to do about it. */
export function FailureSentence({ code }: { code: FailureCode }) {
  const { t } = useDictionary()
  // A newer program may know codes that this window does not.
  return <Told sentence={t.failures[code] ?? t.failures.internal_error} />
}

function Told({ sentence }: { sentence: Sentence }) {
  return (
    <>
      <Text size="sm" fw={500}>
        {sentence.what}
      </Text>
      {sentence.todo !== null && (
        <Text size="sm" c="dimmed">
          {sentence.todo}
        </Text>
      )}
    </>
  )
}
