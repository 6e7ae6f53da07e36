import type { sandbox as english } from '../en/sandbox.ts'

export const sandbox: typeof english = {
  title: 'Latihan',
  intro: 'Pesan yang diterima para penerima latihan. Tidak ada yang sampai ke orang sungguhan.',
  offTitle: 'WhatsApp latihan tidak berjalan',
  off: 'Tambahkan “Ponsel latihan” di halaman Perangkat, atau jalankan Kurir dengan --sandbox.',
  emptyTitle: 'Belum ada yang masuk',
  empty: 'Kirim sesuatu dari ponsel latihan. Nomor apa pun yang Anda karang akan menerimanya di sini.',
  writeOne: 'Tulis pesan',
  chats: 'Percakapan',
  chat: (number: string) => `Percakapan dengan ${number}`,
  choose: 'Pilih percakapan untuk dibaca.',
  older: 'Tampilkan pesan lebih lama',
  play: 'Pesan suara',
  save: (name: string) => `Simpan ${name}`,
  load: 'Tampilkan',
  picture: 'Gambar',
  video: 'Video',
  special: 'Nomor dengan perilaku khusus',
  specials: [
    { number: '62855000001xx', what: 'tidak ada di WhatsApp' },
    { number: '62855000002xx', what: 'ditolak WhatsApp' },
    { number: '62855000003xx', what: 'tidak pernah dikonfirmasi' },
    { number: '62855000004xx', what: 'tidak pernah membaca' },
  ],
}
