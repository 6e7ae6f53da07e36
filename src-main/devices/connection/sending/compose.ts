import { randomBytes } from 'node:crypto'
import type { proto } from '@whiskeysockets/baileys'
import { assertNever, Failure } from '../../../lib/failure.ts'
import type { MediaFile, MediaKind } from '../../../media/files/media-file.ts'
import { baileys } from '../../baileys/baileys.ts'
import type { Connection } from '../connection.ts'
import { withMediaHandle } from '../media/media-handle.ts'
import { uploadMedia } from '../media/media-upload.ts'
import type { Uploaded, UploadOptions } from '../media/media-upload.ts'
import type { Content, Quoted } from './outgoing.ts'

/**
 * Puts content into WhatsApp's form, as encoded `proto.Message`, uploading its file. The same bytes may go to
 * several recipients. Baileys' own composing is left aside: it opens any URL and any local file it is given.
 *
 * @throws Failure media_upload_failed, media_unreadable, view_once_unsupported, device_disconnected
 */
export async function compose(
  connection: Connection,
  content: Content,
  upload: UploadOptions,
): Promise<Uint8Array> {
  if (content.kind === 'text') return encoded(textMessage(content.text, contextOf(content.quoted)))
  const { file, viewOnce } = content
  if (viewOnce) refuseViewOnce(file.kind, upload.open)
  const uploaded = await uploadMedia(connection, file, upload)
  const message = encoded(mediaMessage(content, uploaded))
  return uploaded.handle === null ? message : withMediaHandle(message, uploaded.handle)
}

function encoded(message: proto.IMessage): Uint8Array {
  // Lets the recipient report the message, as messages of WhatsApp Web can be; Baileys derives the rest.
  message.messageContextInfo = { messageSecret: randomBytes(32) }
  const { Message } = baileys().proto
  return Message.encode(Message.fromObject(message)).finish()
}

function textMessage(text: string, contextInfo: proto.IContextInfo | null): proto.IMessage {
  return { extendedTextMessage: { text, ...(contextInfo === null ? {} : { contextInfo }) } }
}

/**
 * Pictures, videos and voice notes can be seen once, by people. Of anything else no client is known to show it so, and a
 * newsletter, which is public, has nobody to count.
 */
function refuseViewOnce(kind: MediaKind, isNewsletter: boolean): void {
  if (isNewsletter) {
    throw new Failure(
      'view_once_unsupported',
      'A newsletter shows its files to everybody, any number of times: send it without viewonce.',
    )
  }
  if (kind === 'document' || kind === 'audio') {
    throw new Failure(
      'view_once_unsupported',
      `WhatsApp has no ${kind === 'audio' ? 'audio file' : 'document'} that can be opened only once: send it without viewonce, or as a picture, a video or a voice note.`,
    )
  }
}

function mediaMessage(content: Extract<Content, { kind: 'media' }>, uploaded: Uploaded): proto.IMessage {
  const { file } = content
  const message = fileMessage(file, content.caption, {
    ...placeOf(uploaded),
    mimetype: file.mimeType,
    ...(content.viewOnce ? { viewOnce: true } : {}),
    ...contextPart(content.quoted),
  })
  return content.viewOnce ? viewOnceMessage(file.kind, message) : message
}

/** Official clients wrap voice notes in another field than pictures and videos. */
function viewOnceMessage(kind: MediaKind, message: proto.IMessage): proto.IMessage {
  return kind === 'voice' ? { viewOnceMessageV2Extension: { message } } : { viewOnceMessageV2: { message } }
}

/** The fields that every kind of file has. A newsletter's file has no address of its own, and no keys (PR 2434). */
function placeOf({ url, directPath, fileSha256, fileLength, sealed }: Uploaded): proto.Message.IImageMessage {
  const place = { directPath, fileSha256, fileLength }
  if (sealed === null) return place
  return { url, ...place, ...sealed, mediaKeyTimestamp: Math.floor(Date.now() / 1_000) }
}

function fileMessage(
  file: MediaFile,
  caption: string | null,
  common: proto.Message.IImageMessage,
): proto.IMessage {
  const { kind, width, height, seconds, waveform, thumbnail, fileName } = file
  const captioned = {
    ...common,
    ...(caption === null ? {} : { caption }),
    ...(thumbnail === null ? {} : { jpegThumbnail: thumbnail }),
  }
  const shown = {
    ...captioned,
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
      // Official clients wrap one with a caption (documentWithCaptionMessage), which rc14 sends without the mediatype;
      // whatsmeow sends it plain, and phones show the caption all the same.
      return { documentMessage: { ...captioned, fileName, title: fileName } }
    default:
      return assertNever(kind)
  }
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
