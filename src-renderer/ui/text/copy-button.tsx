import { Button } from '@mantine/core'
import { IconAlertCircle, IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useDictionary } from '../../i18n/dictionary.tsx'

const shownMs = 2_000

type Outcome = 'copied' | 'copyFailed'

const icons = { copy: IconCopy, copied: IconCheck, copyFailed: IconAlertCircle }

/** Copies a text; says on itself for a moment whether that went well. `label` names it where several stand together. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useDictionary()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  useEffect(() => {
    if (outcome === null) return undefined
    const timer = window.setTimeout(() => setOutcome(null), shownMs)
    return () => window.clearTimeout(timer)
  }, [outcome])
  const Icon = icons[outcome ?? 'copy']
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<Icon size={14} />}
      aria-label={outcome === null ? label : t.common[outcome]}
      onClick={() => void copy(text).then((done) => setOutcome(done ? 'copied' : 'copyFailed'))}
    >
      {t.common[outcome ?? 'copy']}
    </Button>
  )
}

/** By the clipboard's own interface; where permissions are all denied (the desktop), by a selection. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const pressed = document.activeElement
  const area = document.createElement('textarea')
  area.value = text
  // Inside an open dialog, so that its focus trap lets it be selected.
  const host = pressed?.closest('[role="dialog"]') ?? document.body
  host.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (pressed instanceof HTMLElement) pressed.focus()
  return done
}
