import type { MediaType, SubmitRequest } from '../../../src-preload/contract.ts'

export type Mode = 'text' | 'file' | 'voice'

/** What is being written; kept while other pages are shown. */
export interface Draft {
  deviceId: string | null
  recipients: string
  mode: Mode
  text: string
  caption: string
  footer: string
  queue: boolean
  sourceKind: 'file' | 'url'
  file: File | null
  url: string
  mediaType: MediaType
  fileName: string
  viewOnce: boolean
}

export const emptyDraft: Draft = {
  deviceId: null,
  recipients: '',
  mode: 'text',
  text: '',
  caption: '',
  footer: '',
  queue: false,
  sourceKind: 'file',
  file: null,
  url: '',
  mediaType: 'image',
  fileName: '',
  viewOnce: false,
}

/** What is still missing before it can be sent; null when nothing is. */
export function missingFrom(draft: Draft): 'needRecipient' | 'needText' | 'needFile' | null {
  if (draft.recipients.trim() === '') return 'needRecipient'
  if (draft.mode === 'text') return draft.text.trim() === '' ? 'needText' : null
  const hasSource = draft.sourceKind === 'file' ? draft.file !== null : draft.url.trim() !== ''
  return hasSource ? null : 'needFile'
}

/** The contract's request; `uploadId` is the chosen file's, once it was handed over. */
export function requestFor(draft: Draft, deviceId: string, uploadId: string | null): SubmitRequest {
  const common = {
    deviceId,
    recipients: draft.recipients,
    footer: draft.footer.trim() === '' ? null : draft.footer.trim(),
    queue: draft.queue,
  }
  if (draft.mode === 'text') return { ...common, content: { kind: 'text', text: draft.text } }
  return {
    ...common,
    content: {
      kind: 'media',
      mediaType: draft.mode === 'voice' ? 'audio' : draft.mediaType,
      source: uploadId === null ? { url: draft.url.trim() } : { uploadId },
      caption: draft.mode === 'voice' || draft.caption.trim() === '' ? null : draft.caption,
      fileName: draft.mode === 'voice' || draft.fileName.trim() === '' ? null : draft.fileName.trim(),
      voice: draft.mode === 'voice',
      viewOnce: draft.mode === 'file' && draft.viewOnce,
    },
  }
}

/** The same as an API call's parameters. */
export function parametersFor(draft: Draft, sender: string): Record<string, string> {
  const parameters: Record<string, string> = {
    sender,
    number: draft.recipients.trim().replaceAll(/\s*[,;\n]\s*/g, '|') || '6281234567890',
  }
  if (draft.mode === 'text') parameters['message'] = draft.text || '…'
  else {
    parameters['media_type'] = draft.mode === 'voice' ? 'audio' : draft.mediaType
    parameters['url'] =
      draft.sourceKind === 'url' && draft.url !== '' ? draft.url : 'https://example.com/file'
    if (draft.mode === 'voice') parameters['ppt'] = 'true'
    else {
      if (draft.caption !== '') parameters['caption'] = draft.caption
      if (draft.fileName !== '') parameters['filename'] = draft.fileName
      if (draft.viewOnce) parameters['viewonce'] = '1'
    }
  }
  if (draft.footer !== '') parameters['footer'] = draft.footer
  if (draft.queue) parameters['queue'] = '1'
  return parameters
}

const byExtension: Record<string, MediaType> = {
  pdf: 'pdf',
  xls: 'xls',
  xlsx: 'xlsx',
  doc: 'doc',
  docx: 'docx',
  zip: 'zip',
}

/** What a chosen file is most likely meant as. */
export function mediaTypeOf(file: { name: string; type: string }): MediaType {
  const [main] = file.type.split('/')
  if (main === 'image' && !file.type.includes('svg')) return 'image'
  if (main === 'video') return 'video'
  if (main === 'audio') return 'audio'
  return byExtension[file.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'document'
}
