import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { InboxMessage } from '../../../src-preload/contract.ts'
import { Bubble } from '../../ui/text/bubble.tsx'
import { FormattedText } from '../../ui/text/formatted-text.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { phone } from '../../i18n/format.ts'
import { ReceivedFile } from './received-file.tsx'
import type { PracticeChat } from './chats.ts'
import classes from './sandbox-page.module.css'

const guessedHeight = 90

/** One chat as the recipient's phone would show it, at its end. */
export function Chat({ chat }: { chat: PracticeChat }) {
  const { sandbox } = useDictionary().t
  const scroller = useRef<HTMLDivElement>(null)
  const count = chat.messages.length
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoises this window
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => guessedHeight,
    getItemKey: (index) => chat.messages[index]?.id ?? index,
    overscan: 6,
  })
  useEffect(() => rows.scrollToIndex(count - 1, { align: 'end' }), [count, rows])
  return (
    <section className={classes.chat} aria-label={sandbox.chat(phone(chat.number))}>
      <h2 className={classes.chatHead}>{phone(chat.number)}</h2>
      <div
        ref={scroller}
        className={classes.bubbles}
        tabIndex={0}
        role="log"
        aria-label={sandbox.chat(phone(chat.number))}
      >
        <div className={classes.bubblesInner} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const message = chat.messages[item.index]
            return message === undefined ? null : (
              <div
                key={item.key}
                ref={rows.measureElement}
                data-index={item.index}
                className={classes.bubbleRow}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Received message={message} />
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}

function Received({ message }: { message: InboxMessage }) {
  const { format } = useDictionary()
  return (
    <Bubble side="theirs" foot={format.moment(message.at)}>
      {message.kind !== 'text' && <ReceivedFile message={message} />}
      {message.text !== null && message.text !== '' && <FormattedText text={message.text} />}
    </Bubble>
  )
}
