import { notifications } from '@mantine/notifications'
import { useEffect, useRef } from 'react'
import type { Notice } from '../../src-preload/contract.ts'
import { useDictionary } from '../i18n/dictionary.tsx'
import type { Words } from '../i18n/en.ts'
import { bridge } from '../program/bridge.ts'
import { useAnswer } from '../program/call.ts'

/** Milliseconds that a passing notice stays. */
const passing = 12_000

/** Says what the program wants said, once, at the edge of the window; what holds for its whole run until closed. */
export function Notices() {
  const { words } = useDictionary()
  const standing = useAnswer('program.notices', {}).data
  const said = useRef(false)
  useEffect(() => {
    if (standing === undefined || said.current) return
    said.current = true
    for (const notice of standing) say(notice, words, false)
  }, [standing, words])
  useEffect(() => bridge.on('notice', (notice) => say(notice, words, passing)), [words])
  return null
}

function say({ name, detail }: Notice, words: Words, autoClose: number | false): void {
  notifications.show({
    message: words.common.notices[name],
    title: detail ?? undefined,
    autoClose,
    closeButtonProps: { 'aria-label': words.common.close },
  })
}
