import { notifications } from '@mantine/notifications'
import { useEffect, useRef } from 'react'
import type { Notice } from '../../../src-preload/contract.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import type { Words } from '../../i18n/en.ts'
import { bridge } from '../../program/bridge.ts'
import { useCallQuery } from '../../program/ipc-call.ts'

/** Milliseconds that a passing notice stays. */
const noticeMs = 12_000

/** Says what the program wants said, once, at the edge of the window; what holds for its whole run until closed. */
export function Notices() {
  const { t } = useDictionary()
  const standing = useCallQuery('program.notices', {}).data
  const said = useRef(false)
  useEffect(() => {
    if (standing === undefined || said.current) return
    said.current = true
    for (const notice of standing) showNotice(notice, t, false)
  }, [standing, t])
  useEffect(() => bridge.on('notice', (notice) => showNotice(notice, t, noticeMs)), [t])
  return null
}

function showNotice({ name, detail }: Notice, t: Words, autoClose: number | false): void {
  notifications.show({
    message: t.common.notices[name],
    title: detail ?? undefined,
    autoClose,
    closeButtonProps: { 'aria-label': t.common.close },
  })
}
