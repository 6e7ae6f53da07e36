import { normalizeMessageContent } from '@whiskeysockets/baileys'
import type { proto } from '@whiskeysockets/baileys'
import type { InboxMessage, MediaReference } from '../delivery/inbox.ts'

/** What a message says, apart from who sent it to whom. */
export type Contents = Pick<
  InboxMessage,
  | 'kind'
  | 'text'
  | 'fileName'
  | 'mimeType'
  | 'width'
  | 'height'
  | 'seconds'
  | 'waveform'
  | 'thumbnailBytes'
  | 'viewOnce'
  | 'quotedId'
  | 'quotedAuthor'
> & { media: MediaReference | null }

const nothing: Contents = {
  kind: 'other',
  text: null,
  fileName: null,
  mimeType: null,
  width: null,
  height: null,
  seconds: null,
  waveform: null,
  thumbnailBytes: null,
  viewOnce: false,
  quotedId: null,
  quotedAuthor: null,
  media: null,
}

/** Reads a decrypted message as a phone shows it. */
export function contentsOf(message: proto.IMessage): Contents {
  const inner = normalizeMessageContent(message) ?? message
  const contents = mediaContents(inner) ?? textContents(inner)
  return { ...contents, viewOnce: contents.viewOnce || isWrappedViewOnce(message) }
}

function textContents(message: proto.IMessage): Contents {
  const extended = message.extendedTextMessage
  const text = message.conversation || extended?.text
  if (!text) return nothing
  return { ...nothing, kind: 'text', text, ...quotedIn(extended?.contextInfo) }
}

type File = proto.Message.IImageMessage &
  proto.Message.IVideoMessage &
  proto.Message.IAudioMessage &
  proto.Message.IDocumentMessage

function mediaContents(message: proto.IMessage): Contents | null {
  const { imageMessage, videoMessage, audioMessage, documentMessage } = message
  if (imageMessage) return fileContents('image', 'image', imageMessage)
  if (videoMessage) return fileContents('video', 'video', videoMessage)
  if (documentMessage) return fileContents('document', 'document', documentMessage)
  if (audioMessage) return fileContents(audioMessage.ptt ? 'voice' : 'audio', 'audio', audioMessage)
  return null
}

function fileContents(kind: Contents['kind'], type: string, file: File): Contents {
  return {
    kind,
    text: file.caption || null,
    fileName: file.fileName ?? null,
    mimeType: file.mimetype ?? null,
    width: file.width ?? null,
    height: file.height ?? null,
    seconds: file.seconds ?? null,
    waveform: file.waveform ? [...file.waveform] : null,
    thumbnailBytes: file.jpegThumbnail?.length ? file.jpegThumbnail.length : null,
    viewOnce: file.viewOnce === true,
    ...quotedIn(file.contextInfo),
    media: {
      type,
      directPath: file.directPath ?? '',
      mediaKey: base64(file.mediaKey),
      fileSha256: base64(file.fileSha256),
      fileEncSha256: base64(file.fileEncSha256),
      fileLength: Number(file.fileLength ?? 0),
    },
  }
}

function quotedIn(
  context: proto.IContextInfo | null | undefined,
): Pick<Contents, 'quotedId' | 'quotedAuthor'> {
  return { quotedId: context?.stanzaId ?? null, quotedAuthor: context?.participant ?? null }
}

function isWrappedViewOnce(message: proto.IMessage): boolean {
  const { viewOnceMessage, viewOnceMessageV2, viewOnceMessageV2Extension } = message
  return Boolean(viewOnceMessage ?? viewOnceMessageV2 ?? viewOnceMessageV2Extension)
}

function base64(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64')
}
