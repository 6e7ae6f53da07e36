import { baileys } from '../baileys.ts'

/** The codes with which Baileys refuses stanzas that came to it (Utils/decode-wa-message.js). */
const refusals = [
  'ParsingError',
  'UnrecognizedStanza',
  'UnrecognizedStanzaClass',
  'UnrecognizedStanzaType',
  'InvalidProtobuf',
  'InvalidHostedCompanionStanza',
  'MissingMessageSecret',
  'SignalErrorOldCounter',
  'MessageDeletedOnPeer',
  'UnhandledError',
  'UnsupportedAdminRevoke',
  'UnsupportedLIDGroup',
  'DBOperationFailed',
] as const

/**
 * Makes Baileys acknowledge plainly what it would refuse. What was refused stays in the server's queue, comes first at each
 * login and holds back the rest (WhiskeySockets/Baileys issues 2779 and 2713; oxidezap/whatsapp-rust issue 647).
 *
 * `SenderReachoutTimelocked` stays: Baileys compares it with what the server answers.
 */
export function acknowledgePlainly(): void {
  const codes: Record<string, number | undefined> = baileys().NACK_REASONS
  for (const name of refusals) codes[name] = undefined
}
