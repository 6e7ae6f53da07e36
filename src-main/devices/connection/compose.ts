import { randomBytes } from 'node:crypto'
import type { MediaType, proto } from '@whiskeysockets/baileys'
import { assertNever } from '../../failure.ts'
import type { MediaFile, MediaKind } from '../../media/media-file.ts'
import { baileys } from '../baileys/baileys.ts'
import type { Connection } from './connection.ts'
import { uploadMedia } from './media-upload.ts'
import type { Uploaded, UploadOptions } from './media-upload.ts'
import type { Content, Quoted } from './sending.ts'

/**
 * Puts content into WhatsApp's form, as encoded `proto.Message`, uploading its file. The same bytes may go to
 * several recipients. Baileys' own composing is left aside: it opens any URL and any local file it is given.
 *
 * @throws Failure media_upload_failed, media_unreadable
 */
export async function compose(
  connection: Connection,
  content: Content,
  upload: UploadOptions,
): Promise<Uint8Array> {
  const message =
    content.kind === 'text'
      ? textMessage(content.text, contextOf(content.quoted))
      : await mediaMessage(connection, content, upload)
  // Lets the recipient report the message, as messages of WhatsApp Web can be; Baileys derives the rest.
  message.messageContextInfo = { messageSecret: randomBytes(32) }
  const { Message } = baileys().proto
  return Message.encode(Message.fromObject(message)).finish()
}

function textMessage(text: string, contextInfo: proto.IContextInfo | null): proto.IMessage {
  return { extendedTextMessage: { text, ...(contextInfo === null ? {} : { contextInfo }) } }
}

async function mediaMessage(
  connection: Connection,
  content: Extract<Content, { kind: 'media' }>,
  upload: UploadOptions,
): Promise<proto.IMessage> {
  const { file } = content
  const uploaded = await uploadMedia(connection, file, mediaTypeOf(file.kind), upload)
  const message = fileMessage(file, content.caption, {
    ...placeOf(uploaded),
    mimetype: file.mimeType,
    ...(content.viewOnce ? { viewOnce: true } : {}),
    ...contextPart(content.quoted),
  })
  return content.viewOnce ? { viewOnceMessage: { message } } : message
}

/** The fields that every kind of file has. */
function placeOf({ url, directPath, fileSha256, fileLength, sealed }: Uploaded): proto.Message.IImageMessage {
  const place = { url, directPath, fileSha256, fileLength }
  if (sealed === null) return place
  return { ...place, ...sealed, mediaKeyTimestamp: Math.floor(Date.now() / 1_000) }
}

function fileMessage(
  file: MediaFile,
  caption: string | null,
  common: proto.Message.IImageMessage,
): proto.IMessage {
  const { kind, width, height, seconds, waveform, thumbnail, fileName } = file
  const shown = {
    ...common,
    ...(caption === null ? {} : { caption }),
    ...(thumbnail === null ? {} : { jpegThumbnail: thumbnail }),
    ...(width === null ? {} : { width }),
    ...(height === null ? {} : { height }),
  }
  const length = seconds === null ? {} : { seconds }
  switch (kind) {
    case 'image':
      return { imageMessage: shown }
    case 'video':
      return { videoMessage: { ...shown, ...length } }
    case 'audio':
      return { audioMessage: { ...common, ...length, ptt: false } }
    case 'voice':
      return {
        audioMessage: { ...common, ...length, ptt: true, ...(waveform === null ? {} : { waveform }) },
      }
    case 'document':
      return documentMessage({ ...common, fileName, title: fileName, ...thumbnailPart(thumbnail) }, caption)
    default:
      return assertNever(kind)
  }
}

/** A caption under a document has a form of its own. */
function documentMessage(document: proto.Message.IDocumentMessage, caption: string | null): proto.IMessage {
  if (caption === null) return { documentMessage: document }
  return { documentWithCaptionMessage: { message: { documentMessage: { ...document, caption } } } }
}

function thumbnailPart(thumbnail: Uint8Array | null): { jpegThumbnail?: Uint8Array } {
  return thumbnail === null ? {} : { jpegThumbnail: thumbnail }
}

function contextPart(quoted: Quoted | undefined): { contextInfo?: proto.IContextInfo } {
  const contextInfo = contextOf(quoted)
  return contextInfo === null ? {} : { contextInfo }
}

/** Of a message whose text is not known here the bare id is quoted. */
function contextOf(quoted: Quoted | undefined): proto.IContextInfo | null {
  if (quoted === undefined) return null
  const { proto } = baileys()
  return {
    stanzaId: quoted.id,
    ...(quoted.participant === null ? {} : { participant: quoted.participant }),
    quotedMessage:
      quoted.message === null ? { conversation: '' } : withoutContext(proto.Message.decode(quoted.message)),
  }
}

/** A quotation in a quotation is not shown, and a message's secret is nobody else's. */
function withoutContext(message: proto.Message): proto.IMessage {
  const plain = message as unknown as Record<string, unknown>
  delete plain['messageContextInfo']
  for (const part of Object.values(plain)) {
    if (typeof part === 'object' && part !== null && 'contextInfo' in part) part.contextInfo = undefined
  }
  return plain
}

/** A voice note is audio that says so of itself: same keys, same place. */
function mediaTypeOf(kind: MediaKind): MediaType {
  return kind === 'voice' ? 'audio' : kind
}
