import { IconFileText } from '@tabler/icons-react'
import { useEffect, useMemo } from 'react'
import { Bubble } from '../../ui/text/bubble.tsx'
import { useNow } from '../../ui/use-now.ts'
import { FormattedText } from '../../ui/text/formatted-text.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import type { Draft } from './draft.ts'
import classes from './preview.module.css'
import pageClasses from './send-page.module.css'

/** The message as the recipient's phone will draw it. */
export function Preview({ draft }: { draft: Draft }) {
  const { t, format } = useDictionary()
  const body = draft.mode === 'text' ? draft.text : draft.mode === 'voice' ? '' : draft.caption
  const text = draft.footer.trim() === '' ? body : `${body}\n\n> _${draft.footer.trim()}_`
  const media = draft.mode === 'text' ? null : <MediaPreview draft={draft} />
  const now = useNow(10_000)
  const empty = text.trim() === '' && media === null
  return (
    <section className={pageClasses.preview} aria-label={t.send.preview}>
      <h2 className={pageClasses.previewHead}>{t.send.preview}</h2>
      <div className={pageClasses.chat}>
        {empty ? (
          <p className={pageClasses.hint}>{t.send.previewEmpty}</p>
        ) : (
          <Bubble side="mine" foot={format.clock(now)}>
            {media}
            {text.trim() !== '' && <FormattedText text={text} />}
          </Bubble>
        )}
      </div>
    </section>
  )
}

function MediaPreview({ draft }: { draft: Draft }) {
  const { t, format } = useDictionary()
  const file = draft.sourceKind === 'file' ? draft.file : null
  const url = useObjectUrl(file)
  const kind = draft.mode === 'voice' ? 'audio' : draft.mediaType
  if (url !== null && kind === 'image') {
    return <img src={url} alt={t.send.previewFile} className={classes.picture} />
  }
  if (url !== null && kind === 'video') {
    return <video src={url} controls className={classes.picture} aria-label={t.send.previewFile} />
  }
  if (url !== null && kind === 'audio') {
    return <audio src={url} controls className={classes.sound} aria-label={t.send.previewFile} />
  }
  const name = draft.fileName || file?.name || lastPart(draft.url)
  return (
    <div className={classes.document}>
      <IconFileText size={28} stroke={1.5} aria-hidden />
      <div className={classes.name}>
        <div>{name || t.send.mediaTypes[kind]}</div>
        {file !== null && <div className={classes.size}>{format.bytes(file.size)}</div>}
      </div>
    </div>
  )
}

/** The chosen file's address within this page; given back when another is chosen. */
function useObjectUrl(file: File | null): string | null {
  const url = useMemo(() => (file === null ? null : URL.createObjectURL(file)), [file])
  useEffect(
    () => () => {
      if (url !== null) URL.revokeObjectURL(url)
    },
    [url],
  )
  return url
}

function lastPart(address: string): string {
  return URL.canParse(address) ? (new URL(address).pathname.split('/').at(-1) ?? '') : ''
}
