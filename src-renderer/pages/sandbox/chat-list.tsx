import { plainText } from '../../ui/text/formatting.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { phone } from '../../i18n/format.ts'
import type { PracticeChat } from './chats.ts'
import classes from './sandbox-page.module.css'

interface ChatListProps {
  chats: PracticeChat[]
  current: string | null
  onChoose: (number: string) => void
}

/** Everyone who has received something, and the numbers that behave on purpose. */
export function ChatList({ chats, current, onChoose }: ChatListProps) {
  const { t, format } = useDictionary()
  const { sandbox } = t
  return (
    <div className={classes.side}>
      <ul className={classes.chats} aria-label={sandbox.chats}>
        {chats.map(({ number, last }) => (
          <li key={number}>
            <button
              type="button"
              className={classes.choice}
              aria-current={number === current ? 'true' : undefined}
              onClick={() => onChoose(number)}
            >
              <span className={classes.choiceHead}>
                <span className="digits">{phone(number)}</span>
                <span className={classes.time}>{format.clock(last.at)}</span>
              </span>
              <span className={classes.said}>
                {last.text === null ? (last.fileName ?? t.messageKinds[last.kind]) : plainText(last.text)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <details className={classes.special}>
        <summary>{sandbox.special}</summary>
        <dl>
          {sandbox.specials.map(({ number, what }) => (
            <div key={number}>
              <dt className="digits">{number}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  )
}
