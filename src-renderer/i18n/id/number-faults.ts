import { assertNever } from '../../assert-never.ts'
import type { NumberFault } from '../../../src-preload/contract.ts'

/** Mengapa penerima tidak terbaca, di belakang teks yang ditulis. */
export function numberFault(fault: NumberFault): string {
  switch (fault.kind) {
    case 'no_number':
      return 'Ini bukan nomor telepon.'
    case 'too_short':
      return 'Nomornya terlalu pendek.'
    case 'too_long':
      return 'Nomornya terlalu panjang.'
    case 'looks_like_group':
      return 'Apakah ini grup? Kalau ya, tambahkan @g.us di akhir.'
    case 'foreign_part':
      return `“${fault.part}” bukan bagian dari nomor telepon.`
    case 'decimal':
      return `“${fault.part}” adalah angka desimal. Ubah format selnya di Excel menjadi teks.`
    case 'rounded':
      return 'Nomor ini dibulatkan oleh Excel. Ubah format selnya menjadi teks, lalu ketik ulang.'
    case 'several':
      return 'Ini tampaknya beberapa nomor. Pisahkan dengan koma.'
    case 'mail':
      return 'Ini alamat email.'
    case 'lid':
      return 'Ini id internal WhatsApp, bukan nomor telepon.'
    case 'status':
      return 'Kurir tidak mengirim ke status WhatsApp.'
    case 'address':
      return 'Ini bukan alamat WhatsApp. Grup diakhiri @g.us.'
    case 'zero_after_plus':
      return 'Tidak ada kode negara yang diawali 0. Tulis +62… atau 08….'
    case 'no_such_country':
      return `Tidak ada kode negara yang diawali “${fault.part}”.`
    case 'no_leading_zero':
      return `Nomor +${fault.countryCode} tidak ditulis dengan 0 seperti ini. Tulis dengan kode negaranya.`
    case 'ambiguous':
      return `Ini bisa berarti +${fault.numbers[0]} atau +${fault.numbers[1]}. Tulis dengan + atau dengan angka 0 di depan.`
    default:
      return assertNever(fault)
  }
}
