/**
 * The last net under the rule that nothing personal is passed to a log or the console: names and passwords in URLs, API
 * keys, runs of digits that could be a phone number, and long runs of base64 or hex that could be key material.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(:\/\/)[^/\s@]+@/g, '$1…@')
    .replace(/kurir_[\w-]+/g, 'kurir_…')
    .replace(/(?<![\w-])\+?\d[\d \-()]{7,}\d/g, redactedNumber)
    .replace(/\d{8,}/g, '…')
    .replace(/[A-Za-z0-9+/_=]{40,}/g, '…')
}

/** Times of the log's own lines look like numbers with dashes; they stay. */
function redactedNumber(match: string): string {
  return /^\d{4}-\d{2}-\d{2}/.test(match) ? match : '…'
}
