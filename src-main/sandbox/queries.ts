import { accountAnswer } from './accounts/account-queries.ts'
import { answerGroupQuery } from './chats/sandbox-groups.ts'
import { answerKeyQuery } from './accounts/key-queries.ts'
import type { ClientConnection } from './server/client-connection.ts'
import { answerLinkCode } from './accounts/sandbox-link-code.ts'
import { answerMediaQuery } from './media/media-queries.ts'
import { allChildren, child, errorOf, node, resultOf, seconds } from './server/nodes.ts'
import type { BinaryNode } from './server/nodes.ts'
import { answerAppState } from './phone/app-state-query.ts'
import { sendPeerMessages } from './phone/peer-messages.ts'
import { sendTokenNews, takeIssuedTokens } from './phone/phone-tokens.ts'
import { unlink } from './accounts/unlinking.ts'
import { answerUsync } from './accounts/usync.ts'
import type { SandboxContext } from './sandbox-context.ts'

/** What a query is answered with; null where it is answered by nothing. */
export async function answerQuery(
  context: SandboxContext,
  line: ClientConnection,
  query: BinaryNode,
): Promise<BinaryNode | null> {
  const about = query.attrs['xmlns']
  if (about === 'w:p') return resultOf(query)
  if (line.companion === null) {
    if (about === 'md') return answerLinkCode(context, line, query)
    context.reports.add('query_unknown', null, `a query of ${about} before the login`)
    return errorOf(query, 401, 'not-authorized')
  }
  switch (about ?? '') {
    case 'encrypt':
      return answerKeyQuery(context, line.companion, query)
    case 'usync':
      return answerUsync(context, line.companion, query)
    case 'w:g2':
      return answerGroupQuery(context, line.companion.number, query)
    case 'w:m':
      return answerMediaQuery(context, line.companion, query)
    case 'w:sync:app:state':
      return answerAppState(context, line.companion, query)
    case 'passive':
      return setPassive(context, line, query)
    case 'md':
      return removeCompanion(context, line, query)
    case 'privacy':
      return (
        (await takeIssuedTokens(context, line.companion, query)) ??
        accountAnswer(context, line.companion, query)
      )
    default:
      return accountAnswer(context, line.companion, query) ?? unknown(context, line, query)
  }
}

/** `active`: the client is ready for what came while it was away. */
function setPassive(context: SandboxContext, line: ClientConnection, query: BinaryNode): BinaryNode {
  if (child(query, 'active') !== undefined && line.companion !== null) {
    const { companion } = line
    if (line.delivery === null) {
      setImmediate(() => {
        context.offline.begin(line, companion)
        sendTokenNews(context, line, companion)
        line.inOrder(() => sendPeerMessages(context, line, companion))
      })
    }
  }
  return resultOf(query)
}

/** A client that logs itself out. */
async function removeCompanion(
  context: SandboxContext,
  line: ClientConnection,
  query: BinaryNode,
): Promise<BinaryNode> {
  const removed = child(query, 'remove-companion-device')
  if (removed === undefined || line.companion === null) return unknown(context, line, query)
  await unlink(context, line.companion)
  setImmediate(() =>
    line.end(
      node('stream:error', { code: '401', t: seconds(context.now()) }, [
        node('conflict', { type: 'device_removed' }),
      ]),
    ),
  )
  return resultOf(query)
}

function unknown(context: SandboxContext, line: ClientConnection, query: BinaryNode): BinaryNode {
  const tags = allChildren(query).map((one) => one.tag)
  context.reports.add('query_unknown', line.number, `${query.attrs['xmlns']} ${tags.join(' ')}`)
  return errorOf(query, 501, 'feature-not-implemented')
}
