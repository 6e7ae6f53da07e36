import { Center, Loader } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { ErrorAlert } from './error-alert.tsx'

interface QueryBoundaryProps<Value> {
  of: UseQueryResult<Value>
  children: (value: Value) => ReactNode
}

/** Draws an answer once it is there; until then that it is coming, or why it does not come. */
export function QueryBoundary<Value>({ of: query, children }: QueryBoundaryProps<Value>) {
  const { t } = useDictionary()
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <ErrorAlert error={query.error} onAgain={() => void query.refetch()} />
  return (
    <Center p="xl">
      <Loader size="sm" role="status" aria-label={t.common.loading} />
    </Center>
  )
}
