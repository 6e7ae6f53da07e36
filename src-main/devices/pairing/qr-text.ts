/** Fields of a QR's text after the `#`: reference, noise key, identity, ADV secret, platform. */
const secretField = 3

/**
 * The text of a QR with another ADV secret. Baileys takes the secret once, when WhatsApp gives the references
 * (socket.js, `advB64`), and writes it into each QR after that, also once it has been replaced.
 */
export function withAdvSecret(text: string, secret: string): string {
  const fields = text.split(',')
  if (fields.length <= secretField) return text
  return fields.with(secretField, secret).join(',')
}
