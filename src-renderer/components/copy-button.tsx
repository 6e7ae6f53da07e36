import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useDictionary } from '../i18n/dictionary.tsx'

const shownMs = 2_000

/** Copies a text; says so on itself for a moment. `label` names it where several stand together. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { words } = useDictionary()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = window.setTimeout(() => setCopied(false), shownMs)
    return () => window.clearTimeout(timer)
  }, [copied])
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      aria-label={copied ? words.common.copied : label}
      onClick={() => void copy(text).then(setCopied)}
    >
      {copied ? words.common.copied : words.common.copy}
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
  const area = document.createElement('textarea')
  area.value = text
  // Inside an open dialog, so that its focus trap lets it be selected.
  const host = document.activeElement?.closest('[role="dialog"]') ?? document.body
  host.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}
