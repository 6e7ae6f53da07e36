import { sentenceOf } from '../failure.ts'
import { isForPhone } from './incoming.ts'
import type { Line } from './line.ts'
import { handleMessage } from './messages.ts'
import { child, errorOf, node } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import { finishPairing } from './pairing.ts'
import { peerReceipt } from './phone/peer-messages.ts'
import { tokenNewsAcknowledged } from './phone/tokens.ts'
import { answerQuery } from './queries.ts'
import { receiptAcknowledged } from './receipts.ts'
import type { World } from './world.ts'

/** Hands one stanza of a client to whoever it is for. */
export function handleStanza(world: World, line: Line, stanza: BinaryNode): void {
  switch (stanza.tag) {
    case 'iq':
      return handleIq(world, line, stanza)
    case 'message':
      return line.inOrder(() => handleMessage(world, line, stanza))
    case 'ack':
      return handleAck(world, line, stanza)
    case 'receipt':
      return handleReceipt(world, line, stanza)
    case 'ib':
      return handleBatchRequest(line, stanza)
    case 'presence':
      return world.presences.take(line, stanza)
    case 'chatstate':
      return
    default:
      world.reports.add('stanza_invalid', line.number, `a stanza <${stanza.tag}>`)
  }
}

function handleAck(world: World, line: Line, stanza: BinaryNode): void {
  const { class: about, id = '' } = stanza.attrs
  if (about === 'notification') line.pairing?.unacknowledged.delete(id)
  if (about === 'receipt') receiptAcknowledged(world, line, stanza)
  if (about === 'notification' && line.companion !== null) tokenNewsAcknowledged(world, line.companion, id)
  line.delivery?.answer(stanza)
}

function handleIq(world: World, line: Line, stanza: BinaryNode): void {
  const type = stanza.attrs['type']
  if (type === 'result' || type === 'error') {
    finishPairing(world, line, stanza)
    return
  }
  void answerQuery(world, line, stanza).then(
    (answer) => {
      if (answer !== null) line.send(answer)
    },
    (thrown: unknown) => {
      world.reports.add('stanza_invalid', line.number, sentenceOf(thrown))
      line.send(errorOf(stanza, 500, 'internal-server-error'))
    },
  )
}

function handleReceipt(world: World, line: Line, receipt: BinaryNode): void {
  if (receipt.attrs['to'] === undefined) {
    world.reports.add('stanza_invalid', line.number, `a receipt for ${receipt.attrs['id']} to nobody`)
    return
  }
  line.send(acknowledgement(receipt))
  line.delivery?.answer(receipt)
  const { companion } = line
  if (companion !== null) peerReceipt(world, companion, receipt)
  if (receipt.attrs['type'] !== 'retry' || companion === null || !isForPhone(receipt)) return
  world.incoming.sendAgain(companion, receipt).catch((error: unknown) => {
    world.reports.add('undecryptable', line.number, `and cannot be sent again: ${sentenceOf(error)}`)
  })
}

/** `<ib><offline_batch count/></ib>`: the client wants so many more stanzas of its queue. */
function handleBatchRequest(line: Line, stanza: BinaryNode): void {
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
