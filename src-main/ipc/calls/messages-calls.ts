import type { MessageFilter, MessageStory } from '../../../src-preload/contract.ts'
import type { Application } from '../../app/app.ts'
import { Failure } from '../../lib/failure.ts'
import type { Message } from '../../messages/message.ts'
import { done } from './devices-calls.ts'
import { exportMessages, type ExportFormat } from '../export/export-messages.ts'
import type { HandlersOf } from '../ipc.ts'
import { today } from '../files/program-files.ts'
import type { Downloads } from '../files/downloads.ts'
import { submit } from './submit-from-window.ts'
import type { Uploads } from '../files/uploads.ts'

export function messagesCalls(parts: {
  application: Application
  uploads: Uploads
  downloads: Downloads
}): HandlersOf<'messages'> {
  const { application, uploads, downloads } = parts
  const { messages, devices } = application
  return {
    'messages.submit': (request) => submit(application, uploads, request),
    'messages.list': ({ filter, before, limit }) => messages.list({ ...filter, before, limit }),
    'messages.range': () => messages.range(),
    'messages.story': ({ id }) => storyOf(id),
    'messages.resend': ({ id }) => messages.resend(id),
    'messages.countByDay': ({ from, to, deviceId }) =>
      messages.countByDay(from, to, deviceId).map((day) => ({ ...day, waiting: 0 })),
    'messages.today': () => messages.today(),
    'messages.warnings': () => messages.warnings(),
    'messages.export': ({ filter, format }) => beginExport(filter, format),
    'messages.pause': () => done(messages.pause()),
    'messages.resume': () => done(messages.resume()),
  }

  function storyOf(id: string): MessageStory {
    const message = messages.get(id)
    if (message === undefined) throw new Failure('message_not_found', 'This message no longer exists.')
    return {
      message,
      changes: messages.story(id),
      call: messages.callOf(message),
      otherNumber: messages.otherJid(message)?.split('@')[0] ?? null,
      canResend: messages.canResend(message),
    }
  }

  function beginExport(filter: MessageFilter, format: ExportFormat) {
    return downloads.begin('export', `kurir-log-${today()}.${format}`, (file, signal, progress) =>
      exportMessages({ file, filter, format, readPage, deviceName, signal, progress }),
    )
  }

  function readPage(filter: MessageFilter, before: number | null, limit: number): Message[] {
    return messages.list({ ...filter, before, limit })
  }

  function deviceName(id: string): string {
    return devices.get(id)?.name ?? id
  }
}
