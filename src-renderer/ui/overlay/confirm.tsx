import { Button, Group, Stack, Text } from '@mantine/core'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { Dialog } from './dialog.tsx'

export interface Question {
  title: string
  text: string
  yes: string
  /** Whether something is lost by it. */
  destructive?: boolean
}

interface ConfirmProps {
  question: Question
  busy?: boolean
  onYes: () => void
  onClose: () => void
}

/** Asks before something that cannot easily be undone. "Cancel" has the focus. */
export function Confirm({ question, busy = false, onYes, onClose }: ConfirmProps) {
  const { t } = useDictionary()
  return (
    <Dialog title={question.title} onClose={onClose}>
      <Stack>
        <Text>{question.text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t.common.cancel}
          </Button>
          <Button {...(question.destructive === true && { color: 'red.9' })} loading={busy} onClick={onYes}>
            {question.yes}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
