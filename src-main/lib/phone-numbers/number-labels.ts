/** What people and programs write before a number that says nothing but that it is one. */
const words = [
  'nomor|nomer|number|num|no|nr|numero|número',
  'handphone|hp|whatsapp|whats app|wa|telepon|telephone|telefone|telefono|teléfono|telefon|telp|telf|tlp|tel|tlf',
  'phone|ph|mobile|mobil|mob|móvil|cellphone|cell|cel|celular|portable|kontak|contact|sms|callto|call|hubungi',
  'тел|телефон|моб|电话|手机|電話|手機|携帯|전화|휴대폰|هاتف|جوال|موبايل|واتساب|โทร|फोन|मोबाइल|điện thoại|đt',
].join('|')

// A word ends where no letter follows: `HP0812…` is one, `Hpx 0812…` none.
const label = new RegExp(`^(?:${words})(?!\\p{L})(?:[.:=\\s/]|(?<!\\d)-)*`, 'iu')
/** Quotes, also a spreadsheet's `'` and `="`, brackets, bullets and pictures of phones. */
const marks =
  /^(?:[\s'"‘’‚“”„`´=<«[{•·▪●◦>]|\u{1F4DE}|\u{1F4F1}|\u{1F4F2}|\u{260E}|\u{2706}|\u{260F}|\u{1F57F})+/u

/** How many characters at the beginning are labels and marks. */
export function takeLabel(text: string): number {
  let begin = 0
  for (;;) {
    const rest = text.slice(begin)
    const taken = (marks.exec(rest) ?? label.exec(rest))?.[0].length ?? 0
    if (taken === 0) return begin
    begin += taken
  }
}

/**
 * The number in a link that opens a chat, or null where the text is none.
 *
 * @see https://faq.whatsapp.com/5913398998672934 (wa.me/NUMBER: "a full phone number in international format")
 */
export function whatsAppLink(text: string): string | null {
  const link = text.trim()
  const short = /^(?:https?:\/\/)?(?:www\.)?wa\.me\/([^/?#\p{L}]*\d[^/?#\p{L}]*)\/?(?:[?#].*)?$/isu.exec(link)
  if (short !== null) return short[1] ?? null
  const query = /^(?:(?:https?:\/\/)?(?:api|web|www)\.whatsapp\.com|whatsapp:\/)\/send\/?\?(.*)$/is.exec(
    link,
  )?.[1]
  if (query === undefined) return null
  return new URLSearchParams(query).get('phone')
}
