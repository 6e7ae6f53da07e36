import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { useDictionary } from '../i18n/dictionary.tsx'
import { bridge } from '../program/bridge.ts'

/** Says what the program wants said, once, at the edge of the window. */
export function Notices() {
  const { words } = useDictionary()
  useEffect(
    () =>
      bridge.on('notice', ({ name, detail }) =>
        notifications.show({
          message: words.common.notices[name],
          title: detail ?? undefined,
          autoClose: 12_000,
          closeButtonProps: { 'aria-label': words.common.close },
        }),
      ),
    [words],
  )
  return null
}
