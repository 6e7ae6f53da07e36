import { assertNever } from '../../assert-never.ts'
import type { NumberFault } from '../../../src-preload/contract.ts'

/** Mengapa penerima tidak terbaca, di belakang teks yang ditulis. */
export function numberFault(fault: NumberFault): string {
  switch (fault.kind) {
    case 'no_number':
      return 'Ini bukan nomor telepon. Tulis seperti 0812 3456 7890.'
    case 'too_short':
      return 'Nomornya terlalu pendek. Periksa apakah ada angka yang kurang.'
    case 'too_long':
      return 'Nomornya terlalu panjang. Periksa apakah ada angka yang berlebih.'
    case 'looks_like_group':
      return 'Ini tampaknya grup. Jika benar, tambahkan @g.us di akhir.'
    case 'foreign_part':
      return `“${fault.part}” bukan bagian dari nomor telepon. Hapus bagian itu.`
    case 'decimal':
      return `“${fault.part}” adalah angka desimal. Ubah format selnya di Excel menjadi teks.`
    case 'rounded':
      return 'Nomor ini dibulatkan oleh Excel. Ubah format selnya menjadi teks, lalu ketik ulang.'
    case 'several':
      return 'Ini tampaknya beberapa nomor. Pisahkan dengan koma.'
    case 'mail':
      return 'Ini alamat email. Masukkan nomor telepon.'
    case 'lid':
      return 'Ini ID internal WhatsApp. Masukkan nomor telepon.'
    case 'status':
      return 'Kurir tidak bisa mengirim ke status WhatsApp. Masukkan nomor telepon.'
    case 'address':
      return 'Ini bukan alamat WhatsApp. Masukkan nomor telepon; grup diakhiri @g.us.'
    case 'zero_after_plus':
      return 'Tidak ada kode negara yang diawali 0. Tulis +62… atau 08….'
    case 'no_such_country':
      return `Tidak ada kode negara yang diawali “${fault.part}”. Periksa kode negaranya.`
    case 'no_leading_zero':
      return `Nomor +${fault.countryCode} tidak ditulis dengan 0 seperti ini. Tulis dengan kode negaranya.`
    case 'ambiguous':
      return `Ini bisa berarti +${fault.numbers[0]} atau +${fault.numbers[1]}. Tulis dengan + atau dengan angka 0 di depan.`
    default:
      return assertNever(fault)
  }
}
