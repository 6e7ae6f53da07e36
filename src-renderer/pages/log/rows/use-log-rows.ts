import { useEffect, useState } from 'react'
import type { MessageFilter } from '../../../../src-preload/contract.ts'
import { call } from '../../../program/ipc-call.ts'
import { onMessages } from '../../../program/message-stream.ts'
import { onReconnect } from '../../../program/on-reconnect.ts'
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
  useEffect(() => {
    const begin = (): LogRows => {
      const begun: LogRows = new LogRows(JSON.parse(key) as MessageFilter, source, () =>
        setShown((before) => ({ rows: begun, version: (before?.version ?? 0) + 1 })),
      )
      return begun
    }
    let rows = begin()
    const leave = onMessages((batch) => rows.apply(batch))
    const stopWaiting = onReconnect(() => {
      rows.stop()
      rows = begin()
    })
    return () => {
      leave()
      stopWaiting()
      rows.stop()
    }
  }, [key])
  return shown?.rows ?? null
}
