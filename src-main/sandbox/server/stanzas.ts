import { sentenceOf } from '../../lib/failure.ts'
import { isForPhone } from '../chats/incoming.ts'
import type { ClientConnection } from './client-connection.ts'
import { handleMessage } from '../delivery/message-stanzas.ts'
import { child, errorOf, node } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import { finishPairing } from '../accounts/sandbox-pairing.ts'
import { peerReceipt } from '../phone/peer-messages.ts'
import { tokenNewsAcknowledged } from '../phone/phone-tokens.ts'
import { answerQuery } from '../queries.ts'
import { receiptAcknowledged } from '../delivery/sandbox-receipts.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** Hands one stanza of a client to whoever it is for. */
export function handleStanza(context: SandboxContext, line: ClientConnection, stanza: BinaryNode): void {
  switch (stanza.tag) {
    case 'iq':
      return handleIq(context, line, stanza)
    case 'message':
      return line.inOrder(() => handleMessage(context, line, stanza))
    case 'ack':
      return handleAck(context, line, stanza)
    case 'receipt':
      return handleReceipt(context, line, stanza)
    case 'ib':
      return handleBatchRequest(line, stanza)
    case 'presence':
      return context.presences.take(line, stanza)
    case 'chatstate':
      return
    default:
      context.reports.add('stanza_invalid', line.number, `a stanza <${stanza.tag}>`)
  }
}

function handleAck(context: SandboxContext, line: ClientConnection, stanza: BinaryNode): void {
  const { class: about, id = '' } = stanza.attrs
  if (about === 'notification') line.pairing?.unacknowledged.delete(id)
  if (about === 'receipt') receiptAcknowledged(context, line, stanza)
  if (about === 'notification' && line.companion !== null) tokenNewsAcknowledged(context, line.companion, id)
  line.delivery?.answer(stanza)
}

function handleIq(context: SandboxContext, line: ClientConnection, stanza: BinaryNode): void {
  const type = stanza.attrs['type']
  if (type === 'result' || type === 'error') {
    finishPairing(context, line, stanza)
    return
  }
  void answerQuery(context, line, stanza).then(
    (answer) => {
      if (answer !== null) line.send(answer)
    },
    (error: unknown) => {
      context.reports.add('stanza_invalid', line.number, sentenceOf(error))
      line.send(errorOf(stanza, 500, 'internal-server-error'))
    },
  )
}

function handleReceipt(context: SandboxContext, line: ClientConnection, receipt: BinaryNode): void {
  if (receipt.attrs['to'] === undefined) {
    context.reports.add('stanza_invalid', line.number, `a receipt for ${receipt.attrs['id']} to nobody`)
    return
  }
  line.send(acknowledgement(receipt))
  line.delivery?.answer(receipt)
  const { companion } = line
  if (companion !== null) peerReceipt(context, companion, receipt)
  if (receipt.attrs['type'] !== 'retry' || companion === null || !isForPhone(receipt)) return
  context.incoming.sendAgain(companion, receipt).catch((error: unknown) => {
    context.reports.add('undecryptable', line.number, `and cannot be sent again: ${sentenceOf(error)}`)
  })
}

/** `<ib><offline_batch count/></ib>`: the client wants so many more stanzas of its queue. */
function handleBatchRequest(line: ClientConnection, stanza: BinaryNode): void {
  const count = Number(child(stanza, 'offline_batch')?.attrs['count'])
  if (count > 0) line.delivery?.pull(count)
}

function acknowledgement(receipt: BinaryNode): BinaryNode {
  return node('ack', {
    class: 'receipt',
    id: receipt.attrs['id'],
    from: receipt.attrs['to'],
    type: receipt.attrs['type'],
    participant: receipt.attrs['participant'],
  })
}
