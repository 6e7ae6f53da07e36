import { useState } from 'react'
import type { SubmitAnswer } from '../../../src-preload/contract.ts'
import { call } from '../../program/call.ts'
import { upload } from '../../program/upload.ts'
import { requestFor, type Draft } from './draft.ts'

interface Submit {
  send: (draft: Draft, deviceId: string) => void
  busy: boolean
  error: unknown
  /** Percent of the chosen file that was handed over; null when none is on its way. */
  uploaded: number | null
}

/** Hands over the chosen file, if any, and then the message. */
export function useSubmit(onSubmitted: (answer: SubmitAnswer) => void): Submit {
  const [state, setState] = useState<Omit<Submit, 'send'>>({ busy: false, error: null, uploaded: null })

  const send = async (draft: Draft, deviceId: string): Promise<void> => {
    setState({ busy: true, error: null, uploaded: null })
    try {
      const file = draft.mode !== 'text' && draft.sourceKind === 'file' ? draft.file : null
      const uploadId = file === null ? null : await handOver(file)
      onSubmitted(await call('messages.submit', requestFor(draft, deviceId, uploadId)))
      setState({ busy: false, error: null, uploaded: null })
    } catch (error) {
      setState({ busy: false, error, uploaded: null })
    }
  }
  const handOver = (file: File): Promise<string> =>
    upload(file, {
      onProgress: (done) =>
        setState({ busy: true, error: null, uploaded: Math.round((done / file.size) * 100) }),
    })
  return { ...state, send: (draft, deviceId) => void send(draft, deviceId) }
}
