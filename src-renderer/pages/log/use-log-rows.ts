import { useEffect, useState } from 'react'
import type { MessageFilter } from '../../../src-preload/contract.ts'
import { call } from '../../program/call.ts'
import { onMessages } from '../../program/message-stream.ts'
import { onReturn } from '../../program/return.ts'
import { LogRows, type LogSource } from './log-rows.ts'

const source: LogSource = {
  list: (request) => call('messages.list', request),
  range: () => call('messages.range', {}),
}

/**
 * The rows for a filter; a new filter begins anew, and so does a program that was away and told nothing meanwhile; the
 * old rows stay in view until it has answered.
 */
export function useLogRows(filter: MessageFilter): LogRows | null {
  const key = JSON.stringify(filter)
  const [shown, setShown] = useState<{ rows: LogRows; version: number } | null>(null)
  const [returns, setReturns] = useState(0)
  useEffect(() => onReturn(() => setReturns((before) => before + 1)), [])
  useEffect(() => {
    const rows = new LogRows(JSON.parse(key) as MessageFilter, source, () =>
      setShown((before) => ({ rows, version: (before?.version ?? 0) + 1 })),
    )
    const leave = onMessages((batch) => rows.apply(batch))
    return () => {
      leave()
      rows.stop()
    }
  }, [key, returns])
  return shown?.rows ?? null
}
