import { accountAnswer } from './account-queries.ts'
import { answerGroupQuery } from './groups.ts'
import { answerKeyQuery } from './key-queries.ts'
import type { Line } from './line.ts'
import { answerLinkCode } from './link-code.ts'
import { answerMediaQuery } from './media-queries.ts'
import { allChildren, child, errorOf, node, resultOf, seconds } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import { answerAppState } from './phone/app-state-query.ts'
import { sendPeerMessages } from './phone/peer-messages.ts'
import { sendTokenNews, takeIssuedTokens } from './phone/tokens.ts'
import { unlink } from './unlinking.ts'
import { answerUsync } from './usync.ts'
import type { World } from './world.ts'

/** What a query is answered with; null where it is answered by nothing. */
export async function answerQuery(world: World, line: Line, query: BinaryNode): Promise<BinaryNode | null> {
  const about = query.attrs['xmlns']
  if (about === 'w:p') return resultOf(query)
  if (line.companion === null) {
    if (about === 'md') return answerLinkCode(world, line, query)
    world.reports.add('query_unknown', null, `a query of ${about} before the login`)
    return errorOf(query, 401, 'not-authorized')
  }
  switch (about ?? '') {
    case 'encrypt':
      return answerKeyQuery(world, line.companion, query)
    case 'usync':
      return answerUsync(world, line.companion, query)
    case 'w:g2':
      return answerGroupQuery(world, line.companion.number, query)
    case 'w:m':
      return answerMediaQuery(world, line.companion, query)
    case 'w:sync:app:state':
      return answerAppState(world, line.companion, query)
    case 'passive':
      return setPassive(world, line, query)
    case 'md':
      return removeCompanion(world, line, query)
    case 'privacy':
      return (
        (await takeIssuedTokens(world, line.companion, query)) ?? accountAnswer(world, line.companion, query)
      )
    default:
      return accountAnswer(world, line.companion, query) ?? unknown(world, line, query)
  }
}

/** `active`: the client is ready for what came while it was away. */
function setPassive(world: World, line: Line, query: BinaryNode): BinaryNode {
  if (child(query, 'active') !== undefined && line.companion !== null) {
    const { companion } = line
    if (line.delivery === null) {
      setImmediate(() => {
        world.offline.begin(line, companion)
        sendTokenNews(world, line, companion)
        line.inOrder(() => sendPeerMessages(world, line, companion))
      })
    }
  }
  return resultOf(query)
}

/** A client that logs itself out. */
async function removeCompanion(world: World, line: Line, query: BinaryNode): Promise<BinaryNode> {
  const removed = child(query, 'remove-companion-device')
  if (removed === undefined || line.companion === null) return unknown(world, line, query)
  await unlink(world, line.companion)
  setImmediate(() =>
    line.end(
      node('stream:error', { code: '401', t: seconds(world.now()) }, [
        node('conflict', { type: 'device_removed' }),
      ]),
    ),
  )
  return resultOf(query)
}

function unknown(world: World, line: Line, query: BinaryNode): BinaryNode {
  const tags = allChildren(query).map((one) => one.tag)
  world.reports.add('query_unknown', line.number, `${query.attrs['xmlns']} ${tags.join(' ')}`)
  return errorOf(query, 501, 'feature-not-implemented')
}
