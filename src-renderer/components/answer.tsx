import { Center, Loader } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useDictionary } from '../i18n/dictionary.tsx'
import { Trouble } from './trouble.tsx'

interface AnswerProps<Value> {
  of: UseQueryResult<Value>
  children: (value: Value) => ReactNode
}

/** Draws an answer once it is there; until then that it is coming, or why it does not come. */
export function Answer<Value>({ of: query, children }: AnswerProps<Value>) {
  const { words } = useDictionary()
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <Trouble error={query.error} onAgain={() => void query.refetch()} />
  return (
    <Center p="xl">
      <Loader size="sm" role="status" aria-label={words.common.loading} />
    </Center>
  )
}
