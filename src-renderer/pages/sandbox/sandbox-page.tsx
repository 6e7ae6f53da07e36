import { Button } from '@mantine/core'
import { IconFlask, IconFlaskOff, IconMessages } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { InboxMessage } from '../../../src-preload/contract.ts'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { Empty } from '../../ui/layout/empty.tsx'
import { PageHeader } from '../../ui/layout/page-header.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'
import { goTo } from '../../shell/page-route.ts'
import { Chat } from './chat.tsx'
import { ChatList } from './chat-list.tsx'
import { chatsOf } from './chats.ts'
import classes from './sandbox-page.module.css'

const shown = 500

export function SandboxPage({ id }: { id: string | null }) {
  const { sandbox } = useDictionary().t
  const info = useCallQuery('program.info', {})
  return (
    <div className={classes.page}>
      <PageHeader title={sandbox.title} intro={sandbox.intro} />
      <QueryBoundary of={info}>
        {({ sandbox: runs }) => (runs ? <Inbox wanted={id} /> : <Off />)}
      </QueryBoundary>
    </div>
  )
}

function Off() {
  const { sandbox } = useDictionary().t
  return (
    <Empty icon={<IconFlaskOff size={30} stroke={1.6} />} title={sandbox.offTitle} text={sandbox.off}>
      <Button mt="sm" variant="default" onClick={() => goTo('devices')}>
        {useDictionary().t.devices.add}
      </Button>
    </Empty>
  )
}

function Inbox({ wanted }: { wanted: string | null }) {
  const inbox = useCallQuery('sandbox.inbox', { number: null, before: null, limit: shown })
  return (
    <QueryBoundary of={inbox}>
      {(messages) => (messages.length === 0 ? <NothingYet /> : <Chats messages={messages} wanted={wanted} />)}
    </QueryBoundary>
  )
}

function NothingYet() {
  const { sandbox } = useDictionary().t
  return (
    <Empty icon={<IconFlask size={30} stroke={1.6} />} title={sandbox.emptyTitle} text={sandbox.empty}>
      <Button mt="sm" onClick={() => goTo('send')}>
        {sandbox.writeOne}
      </Button>
    </Empty>
  )
}

function Chats({ messages, wanted }: { messages: InboxMessage[]; wanted: string | null }) {
  const { sandbox } = useDictionary().t
  const chats = useMemo(() => chatsOf(messages), [messages])
  const [chosen, setChosen] = useState(wanted)
  const chat = chats.find(({ number }) => number === chosen) ?? chats[0]
  return (
    <div className={classes.inbox}>
      <ChatList chats={chats} current={chat?.number ?? null} onChoose={setChosen} />
      {chat === undefined ? (
        <Empty icon={<IconMessages size={30} stroke={1.6} />} title={sandbox.chats} text={sandbox.choose} />
      ) : (
        <Chat key={chat.number} chat={chat} />
      )}
    </div>
  )
}
