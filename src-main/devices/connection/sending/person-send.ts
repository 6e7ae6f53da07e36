import type { AddressForm } from '../../addressing/account-form.ts'
import { runInSendContext } from '../../baileys/outbound/send-context.ts'
import type { SendContext } from '../../baileys/outbound/send-context.ts'
import type { Person } from '../../addressing/lids.ts'
import { attempt } from './send-attempt.ts'
import type { Attempt } from './send-attempt.ts'
import type { Connection } from '../connection.ts'
import { relay } from './relay.ts'
import type { Outgoing, SendOutcome } from './outgoing.ts'
import { describeError, refused } from './send-outcome.ts'

/** Baileys answers a device query that timed out like one that found nobody. */
const deviceQueryTimeoutMs = 9_500
/** For the second form, where the first has used the time up: in milliseconds. */
const minSecondMs = 5_000

/** The server's answers to a message that is addressed in the form that the account may not use. */
const wrongFormCodes: Readonly<Record<AddressForm, readonly number[]>> = { pn: [463], lid: [400, 463] }

/**
 * Sends a message to one person, by the name that the account has to use. Where WhatsApp refuses it as it refuses the
 * wrong one, it goes out once more by the other, under the same id: what was refused reached nobody. What is taken then
 * is remembered for good. Never throws.
 */
export async function sendToPerson(
  connection: Connection,
  outgoing: Outgoing,
  deadlineMs: number,
): Promise<SendOutcome> {
  const startedAt = performance.now()
  const { account } = connection.addressing
  const name = await connection.raceWithClose(usualName(connection, outgoing.jid), () => ({
    notSent: 'the connection ended before the message left',
  }))
  if ('notSent' in name) return { result: 'not_sent', reason: name.notSent }
  const first = name.jid
  const result = await attempt(connection, { ...outgoing, jid: first }, deadlineMs, dispatchTo)
  const usedForm = formOf(first)
  if (result.outcome.result === 'acknowledged' && usedForm === 'lid') account.learn('lid_taken')
  if (!isWrongForm(result, usedForm) || account.evidence === 'lid_taken') return result.outcome

  const otherForm = usedForm === 'lid' ? 'pn' : 'lid'
  const other = await otherNameOf(connection, first, otherForm)
  if (other === null) return result.outcome
  const leftMs = Math.max(minSecondMs, deadlineMs - (performance.now() - startedAt))
  const { outcome } = await attempt(connection, { ...outgoing, jid: other }, leftMs, dispatchTo)
  if (outcome.result === 'acknowledged') account.learn(otherForm === 'lid' ? 'lid_taken' : 'lid_refused')
  return isFormRefused(outcome, otherForm) ? result.outcome : outcome
}

/** By which name the person is written to first. Never throws. */
async function usualName(
  connection: Connection,
  jid: string,
): Promise<{ jid: string } | { notSent: string }> {
  try {
    const form = await connection.addressing.form()
    const person = await namesOf(connection, jid, form)
    return { jid: person[form] ?? jid }
  } catch (error) {
    return { notSent: `the recipient's LID could not be asked for: ${describeError(error)}` }
  }
}

/** Whether the second form was refused as the wrong one is: then the first answer names the reason. */
function isFormRefused(outcome: SendOutcome, form: AddressForm): boolean {
  return outcome.result === 'refused' && outcome.whatsappCode === (form === 'pn' ? 463 : 400)
}

function isWrongForm({ acknowledgement }: Attempt, form: AddressForm): boolean {
  const error = acknowledgement?.error ?? null
  return error !== null && wrongFormCodes[form].includes(error)
}

/** Both names of a person as far as they are needed for that form. */
async function namesOf(connection: Connection, jid: string, form: AddressForm): Promise<Person> {
  const { addressing } = connection
  if (addressing.isOwn(jid)) return addressing.own
  return form === 'lid' ? addressing.lids.find(jid) : addressing.lids.known(jid)
}

async function otherNameOf(connection: Connection, jid: string, form: AddressForm): Promise<string | null> {
  try {
    return (await namesOf(connection, jid, form))[form]
  } catch {
    return null
  }
}

function formOf(jid: string): AddressForm {
  return jid.endsWith('@lid') ? 'lid' : 'pn'
}

/** Hands a message over to one name of a person. */
async function dispatchTo(
  connection: Connection,
  outgoing: Outgoing,
  sendContext: SendContext,
): Promise<SendOutcome | null> {
  const missing = await runInSendContext(sendContext, () => missingRecipient(connection, outgoing.jid))
  return missing ?? relay(connection, outgoing, sendContext)
}

/**
 * Baileys sends to nobody but the own phone when it learns of no device of the recipient, and calls that a
 * success. So the devices are asked for first, which fills the same cache.
 */
async function missingRecipient(connection: Connection, jid: string): Promise<SendOutcome | null> {
  const startedAt = performance.now()
  try {
    if ((await fillDevices(connection, jid)) > 0) return null
  } catch (error) {
    const reason = `the recipient's devices could not be asked for: ${describeError(error)}`
    return { result: 'not_sent', reason }
  }
  if (performance.now() - startedAt > deviceQueryTimeoutMs) {
    return { result: 'not_sent', reason: 'WhatsApp did not say which devices the recipient has' }
  }
  return refused('no_recipient_device', 'WhatsApp named no device of the recipient.', null)
}

/** How many devices of the recipient are known; those of the own account, which gets a copy, are learned besides. */
async function fillDevices(connection: Connection, jid: string): Promise<number> {
  const { addressing } = connection
  const { deviceLists, own } = addressing
  const { pn, lid } = own
  if (formOf(jid) === 'pn' || pn === null || lid === null)
    return deviceLists.fill(jid, addressing.lids.known(jid))
  if (addressing.isOwn(jid)) return deviceLists.fillOwn({ pn, lid }).then(() => 1)
  const [devices] = await Promise.all([
    deviceLists.fill(jid, addressing.lids.known(jid)),
    deviceLists.fillOwn({ pn, lid }),
  ])
  return devices
}
