import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useDictionary } from '../i18n/dictionary.tsx'
import { CallFailure } from '../program/ipc-call.ts'

/** Says what the operator did in vain, where the page that it was done on does not say so itself. */
export function Failures() {
  const { t } = useDictionary()
  const client = useQueryClient()
  useEffect(
    () =>
      client.getMutationCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'error') return
        if (event.mutation.meta?.['showsFailure'] === true) return
        const { error } = event.action as { error: unknown }
        const code = error instanceof CallFailure ? error.code : 'internal_error'
        const { what, todo } = t.failures[code] ?? t.failures.internal_error
        notifications.show({
          title: what,
          message: todo,
          color: 'red',
          closeButtonProps: { 'aria-label': t.common.close },
        })
      }),
    [client, t],
  )
  return null
}
