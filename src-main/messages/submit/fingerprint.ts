import { createHash } from 'node:crypto'
import { normalized } from '../../lib/text-encoding/normalized.ts'
import type { Call } from './call.ts'

/**
 * What makes two calls the same: key, sender, recipients and content, however they were encoded. Line ends
 * differ between a form and JSON, and accents may be composed or not: neither makes another message.
 */
export function fingerprint(
  call: Pick<Call, 'deviceId' | 'key' | 'content' | 'footer' | 'quotedId'>,
  recipients: readonly string[],
): Uint8Array {
  const markAnswered = [
    call.key?.id ?? '',
    call.deviceId,
    [...recipients].sort(),
    contentParts(call.content),
    duplicateText(call.footer),
    call.quotedId ?? '',
  ]
  return createHash('sha256').update(JSON.stringify(markAnswered)).digest().subarray(0, 20)
}

function contentParts(content: Call['content']): unknown[] {
  if (content.kind === 'text') return ['text', duplicateText(content.text)]
  const { source } = content
  return [
    content.mediaType,
    'url' in source ? source.url : source.upload.sha256,
    duplicateText(content.caption),
    content.fileName ?? '',
    content.voice,
    content.viewOnce,
  ]
}

function duplicateText(text: string | null): string {
  return normalized((text ?? '').replaceAll('\r\n', '\n'), 'NFC').trim()
}
