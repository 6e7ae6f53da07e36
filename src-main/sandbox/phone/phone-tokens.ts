import { createHmac, randomBytes } from 'node:crypto'
import type { Companion } from '../accounts/companions.ts'
import type { ClientConnection } from '../server/client-connection.ts'
import { addressOf, jidOf } from '../accounts/sandbox-numbers.ts'
import { allChildren, bytesOf, child, children, node, resultOf, seconds, server } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** A token is good for the week in which it was given and the three after it; times in seconds. */
const bucketSeconds = 7 * 24 * 60 * 60
const goodBuckets = 4

/** Whether a token given at that time is still good (WhatsApp Web's rule; tulir/whatsmeow tctoken.go). */
function isTokenGood(givenAt: number, nowSeconds: number): boolean {
  return givenAt >= (Math.floor(nowSeconds / bucketSeconds) - (goodBuckets - 1)) * bucketSeconds
}

/**
 * A contact gives an account its token, as WhatsApp's clients do for those they write to, at most once a week; every
 * linked device is told, those that are away when they come back.
 */
export async function giveToken(
  context: SandboxContext,
  contact: string,
  number: string,
  givenAt = Math.floor(context.now() / 1000),
): Promise<void> {
  const companions = context.companions.of(number)
  await context.database.write(() => {
    context.phoneTable.saveToken(number, { contact, token: randomBytes(16), givenAt })
    for (const companion of companions) context.phoneTable.addTokenNews(companion, contact)
  })
  for (const companion of companions) {
    const line = context.lines.of(companion)
    if (line !== undefined) sendTokenNews(context, line, companion)
  }
}

/** Whoever writes gives a token with it, where the last one is of an earlier week. */
export async function writerGivesToken(
  context: SandboxContext,
  contact: string,
  number: string,
): Promise<void> {
  const now = Math.floor(context.now() / 1000)
  const last = context.phoneTable.token(number, contact)
  if (last !== undefined && Math.floor(last.givenAt / bucketSeconds) >= Math.floor(now / bucketSeconds))
    return
  await giveToken(context, contact, number, now)
}

/** Tells a device of the tokens that it has not acknowledged. */
export function sendTokenNews(context: SandboxContext, line: ClientConnection, companion: Companion): void {
  const { number, device } = companion
  const { lidMigrated } = context.accounts.of(number)
  for (const contact of context.phoneTable.tokenNews(companion)) {
    const given = context.phoneTable.token(number, contact)
    if (given === undefined) continue
    const token = node(
      'token',
      {
        type: 'trusted_contact',
        t: String(given.givenAt),
        jid: jidOf(number, device, lidMigrated ? 'lid' : 's.whatsapp.net'),
      },
      given.token,
    )
    const lid = context.contacts.lidJidOf(contact)
    const from = lidMigrated ? { from: lid } : { from: jidOf(contact), sender_lid: lid }
    const attributes = { ...from, type: 'privacy_token', id: newsId(contact), t: seconds(context.now()) }
    line.send(node('notification', attributes, [node('tokens', {}, [token])]))
  }
}

const newsId = (contact: string): string => `token-${contact}`

export function tokenNewsAcknowledged(context: SandboxContext, companion: Companion, id: string): void {
  const contact = /^token-(\d+)$/.exec(id)?.[1]
  if (contact === undefined) return
  void context.database.write(() => context.phoneTable.removeTokenNews(companion, contact))
}

/** An account gives contacts its own token; null where the query is not about that. The answer holds none. */
export async function takeIssuedTokens(
  context: SandboxContext,
  companion: Companion,
  query: BinaryNode,
): Promise<BinaryNode | null> {
  const tokens = child(query, 'tokens')
  if (query.attrs['type'] !== 'set' || tokens === undefined) return null
  const issued = children(tokens, 'token').map(({ attrs }) => ({
    contact: addressOf(attrs['jid'])?.number,
    issuedAt: Number(attrs['t']),
    isTrust: attrs['type'] === 'trusted_contact',
  }))
  const isSound = issued.every(
    ({ contact, issuedAt, isTrust }) => contact !== undefined && isTrust && issuedAt > 1_000_000_000,
  )
  if (!isSound || issued.length === 0 || query.attrs['to'] !== server) {
    context.reports.add('token_wrong', companion.number, 'a token that was issued wrongly')
  }
  await context.database.write(() => {
    for (const { contact, issuedAt } of issued) {
      if (contact !== undefined) context.phoneTable.addIssued(companion.number, contact, issuedAt)
    }
  })
  return resultOf(query)
}

/** 479: tokens belong on messages to one person, and this is a group's or the own phone's. Null: all is well. */
export function misplacedToken(
  context: SandboxContext,
  companion: Companion,
  stanza: BinaryNode,
): number | null {
  const address = addressOf(stanza.attrs['to'])
  const isPersonal = address !== null && stanza.attrs['category'] !== 'peer'
  const isToSelf = isPersonal && address.number === companion.number
  const tokens = tokensOf(stanza)
  if (tokens.length === 0 || (isPersonal && !isToSelf && tokens.length === 1)) return null
  context.reports.add(
    'token_wrong',
    companion.number,
    `${tokens.length} tokens on a message to ${stanza.attrs['to']}`,
  )
  return isToSelf ? null : 479
}

/**
 * 463: a message to somebody who has not written to this very device comes without a good token. Null: it has one, or
 * needs none.
 */
export function tokenRefusal(
  context: SandboxContext,
  companion: Companion,
  contact: string,
  stanza: BinaryNode,
): number | null {
  const isToOneDevice = child(stanza, 'participants') === undefined
  if (contact === companion.number || isToOneDevice) return null
  const [token] = tokensOf(stanza)
  const lid = lidMeant(context, contact, stanza)
  const wrong = token === undefined ? null : wrongToken(context, companion, { contact, lid }, token)
  if (wrong !== null) context.reports.add('token_wrong', companion.number, `${wrong} for ${contact}`)
  if (!context.accounts.of(companion.number).tokensDemanded) return null
  if (context.phoneTable.hasWritten(companion, contact)) return null
  return token === undefined || wrong !== null ? 463 : null
}

function tokensOf(stanza: BinaryNode): BinaryNode[] {
  return allChildren(stanza).filter(({ tag }) => tag === 'tctoken' || tag === 'cstoken')
}

/** The LID that a message is addressed to, or that belongs to the number: one that was registered anew has another. */
function lidMeant(context: SandboxContext, contact: string, { attrs }: BinaryNode): string {
  const { to = '' } = attrs
  return to.endsWith('@lid') ? to : context.contacts.lidJidOf(contact)
}

function wrongToken(
  context: SandboxContext,
  { number }: Companion,
  { contact, lid }: { contact: string; lid: string },
  token: BinaryNode,
): string | null {
  const content = bytesOf(token)
  if (Object.keys(token.attrs).length > 0) return 'a token with attributes'
  if (token.tag === 'cstoken') {
    const { salt } = context.phones.of(number)
    if (salt === null) return 'a cstoken without a salt'
    const key = Buffer.from(salt, 'base64')
    const right = createHmac('sha256', key).update(lid).digest()
    return right.equals(content) ? null : 'another cstoken'
  }
  const given = context.phoneTable.token(number, contact)
  if (given === undefined || !content.equals(Buffer.from(given.token))) return 'another tctoken'
  return isTokenGood(given.givenAt, context.now() / 1000) ? null : 'a tctoken that is too old'
}
