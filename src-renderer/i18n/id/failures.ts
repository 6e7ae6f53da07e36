import type { FailureCode } from '../../../src-preload/contract.ts'
import type { Sentence } from '../en/devices.ts'

const sentence = (what: string, todo: string | null = null): Sentence => ({ what, todo })

export const failures: Record<FailureCode, Sentence> = {
  parameter_missing: sentence('Ada kolom wajib yang kosong.', 'Isi semua kolom wajib.'),
  parameter_invalid: sentence('Ada nilai yang formatnya salah.', 'Periksa lagi isian Anda.'),
  message_too_long: sentence(
    'Teks lebih panjang dari batas WhatsApp.',
    'Persingkat menjadi paling banyak 65.536 karakter.',
  ),
  json_invalid: sentence(
    'Permintaan dari program bukan JSON yang valid.',
    'Minta pembuat program memeriksa isi permintaannya.',
  ),
  content_type_unknown: sentence(
    'Format permintaan dari program tidak didukung Kurir.',
    'Pakai JSON atau formulir.',
  ),
  body_unreadable: sentence(
    'Permintaan dari program tidak bisa dibaca.',
    'Minta pembuat program memeriksa isi permintaannya.',
  ),
  body_too_large: sentence(
    'Permintaan terlalu besar.',
    'Kirim berkas yang lebih kecil, atau naikkan batas di Pengaturan.',
  ),
  headers_too_large: sentence('Alamat permintaan terlalu panjang.', 'Kirim dengan POST.'),
  request_malformed: sentence(
    'Permintaan bukan HTTP yang valid.',
    'Enkode alamatnya: tulis spasi sebagai %20.',
  ),
  request_timeout: sentence(
    'Permintaan tidak diterima lengkap tepat waktu.',
    'Periksa jaringan, lalu coba lagi.',
  ),
  path_unknown: sentence('Alamat itu tidak ada di API.', 'Periksa alamat di halaman API.'),
  method_not_allowed: sentence('Alamat ini tidak mendukung metode HTTP ini.', 'Pakai GET atau POST.'),
  host_not_allowed: sentence(
    'API dipanggil dengan nama yang tidak diizinkan.',
    'Pakai alamat di halaman API.',
  ),
  origin_not_allowed: sentence(
    'API dipanggil oleh halaman web yang tidak diizinkan.',
    'Tambahkan alamatnya di Pengaturan jika Anda memercayainya.',
  ),
  prefetch_refused: sentence(
    'Browser memuat alamat ini sebelum ada yang membukanya, jadi tidak ada yang dikirim.',
    'Buka sendiri alamat itu jika ingin mengirim.',
  ),
  too_many_requests: sentence(
    'Terlalu banyak permintaan dalam waktu singkat.',
    'Tunggu satu menit, atau naikkan batas di Pengaturan.',
  ),
  too_many_connections: sentence(
    'Terlalu banyak program terhubung sekaligus.',
    'Tutup sebagian, atau naikkan batas di Pengaturan.',
  ),
  queue_full: sentence(
    'Sudah terlalu banyak pesan atau berkas yang menunggu.',
    'Tunggu sampai sebagian terkirim.',
  ),
  key_missing: sentence('Kunci API tidak disertakan.', 'Masukkan kunci dari halaman API ke program itu.'),
  key_unknown: sentence('Kunci API salah atau sudah dicabut.', 'Buat kunci baru di halaman API.'),
  key_expired: sentence('Kunci API sudah kedaluwarsa.', 'Buat kunci baru di halaman API.'),
  key_not_for_device: sentence(
    'Kunci ini tidak boleh memakai perangkat ini.',
    'Pakai kunci untuk perangkat ini.',
  ),
  key_lacks_right: sentence(
    'Kunci ini tidak punya hak untuk melakukan ini.',
    'Pakai kunci yang punya hak ini.',
  ),
  key_name_taken: sentence('Sudah ada kunci dengan nama itu.', 'Pilih nama lain.'),
  sender_unknown: sentence(
    'Tidak ada perangkat dengan nomor itu di sini.',
    'Periksa pengirimnya, atau tambahkan perangkatnya.',
  ),
  sender_not_paired: sentence('Perangkat belum ditautkan dengan ponsel.', 'Tautkan di halaman Perangkat.'),
  device_disconnected: sentence(
    'Perangkat tidak terhubung, jadi tidak ada yang dikirim.',
    'Buka halaman Perangkat untuk melihat yang perlu dilakukan.',
  ),
  device_connected: sentence('Perangkat sudah terhubung.', 'Anda tidak perlu melakukan apa pun.'),
  device_not_found: sentence('Perangkat ini sudah dihapus.', 'Pilih yang lain.'),
  device_number_taken: sentence(
    'Nomor itu sudah dipakai perangkat lain.',
    'Pakai perangkat itu, atau hapus dulu.',
  ),
  too_many_devices: sentence(
    'Jumlah ponsel di sini sudah mencapai batas.',
    'Hapus ponsel yang tidak dipakai, atau naikkan batasnya di Pengaturan.',
  ),
  too_many_pairings: sentence(
    'Sudah ada tiga ponsel yang sedang ditautkan.',
    'Selesaikan atau batalkan salah satunya, lalu coba lagi.',
  ),
  device_kind_unavailable: sentence(
    'Kurir dijalankan tanpa dukungan untuk jenis perangkat ini.',
    'Jalankan Kurir dengan cara yang sama seperti saat perangkat ini ditambahkan.',
  ),
  pairing_failed: sentence(
    'Ponsel tidak bisa ditautkan.',
    'Coba lagi saat ponsel online dan tidak terkunci.',
  ),
  number_invalid: sentence('Ini bukan nomor telepon.', 'Tulis seperti 0812 3456 7890 atau +62 812….'),
  number_too_short: sentence('Nomornya terlalu pendek.', 'Periksa apakah ada angka yang kurang.'),
  too_many_recipients: sentence(
    'Satu pesan paling banyak untuk 256 penerima.',
    'Belum ada yang terkirim. Bagi penerimanya ke beberapa pesan.',
  ),
  number_too_long: sentence('Nomornya terlalu panjang.', 'Periksa apakah ada angka yang berlebih.'),
  not_on_whatsapp: sentence('Nomor ini tidak ada di WhatsApp.', 'Pastikan lagi nomornya ke pelanggan Anda.'),
  lookup_failed: sentence('WhatsApp tidak menjawab apakah nomor ini ada.', 'Coba lagi beberapa saat lagi.'),
  not_confirmed: sentence(
    'WhatsApp belum mengonfirmasi pesan.',
    'Tunggu: Kurir terus mencoba. Jangan kirim ulang sendiri.',
  ),
  not_sent: sentence('Pesan belum keluar dari PC ini.', 'Kirim ulang.'),
  no_recipient_device: sentence('WhatsApp tidak memberikan ponsel penerima.', 'Kirim ulang nanti.'),
  encryption_failed: sentence('Pesan tidak bisa dienkripsi untuk orang ini.', 'Kirim ulang nanti.'),
  refused_by_whatsapp: sentence('WhatsApp menolak pesan.', 'Tunggu beberapa saat sebelum mengirim ulang.'),
  contact_locked: sentence(
    'WhatsApp tidak mengizinkan ponsel ini mengirim pesan ke kontak ini. Kurir sudah mencoba semua alamat kontak ini.',
    'Minta kontak ini mengirim pesan lebih dulu. Jika halaman Perangkat menyarankan untuk menautkan ulang ponsel, lakukan itu.',
  ),
  time_locked: sentence(
    'Untuk sementara WhatsApp melarang ponsel ini mengirim pesan ke kontak baru.',
    'Tunggu sampai pembatasan berakhir.',
  ),
  new_chat_quota_used: sentence(
    'Untuk sementara WhatsApp tidak mengizinkan ponsel ini memulai obrolan baru.',
    'Tunggu. Kartu ponsel di halaman Perangkat menunjukkan kapan obrolan baru bisa dimulai lagi. Kontak yang sudah dikenal tetap menerima pesan.',
  ),
  ceiling_reached: sentence(
    'Ponsel ini sudah mencapai batas pengiriman untuk saat ini.',
    'Tunggu, atau ubah kecepatan kirim di Pengaturan.',
  ),
  sending_paused: sentence('Pengiriman sedang dijeda.', 'Tekan “Lanjutkan” jika sudah siap.'),
  expired: sentence(
    'WhatsApp tidak mengonfirmasi pesan dalam 24 jam, atau sebelum ponselnya dihapus, jadi Kurir berhenti mencoba.',
    'Pesan mungkin tetap sampai. Kirim ulang jika masih perlu.',
  ),
  idempotency_key_reused: sentence(
    'Program memakai satu Idempotency-Key untuk dua pesan yang berbeda.',
    'Minta pembuat program memeriksanya.',
  ),
  message_not_found: sentence('Pesan ini sudah tidak ada di riwayat.', 'Tulis ulang di halaman Kirim.'),
  text_not_kept: sentence(
    'Teksnya tidak disimpan, jadi pesan tidak bisa dikirim ulang.',
    'Tulis ulang di halaman Kirim.',
  ),
  media_url_invalid: sentence(
    'Ini bukan alamat web.',
    'Pakai alamat yang dimulai dengan http:// atau https://.',
  ),
  media_address_refused: sentence(
    'Alamat ini mengarah ke PC ini atau jaringannya, yang tidak dibuka Kurir.',
    'Jika server itu milik Anda, tambahkan ke “Server berkas tepercaya” di Pengaturan.',
  ),
  media_not_direct: sentence(
    'Alamat ini membuka halaman, bukan berkasnya.',
    'Pakai tautan langsung yang langsung mulai mengunduh.',
  ),
  media_unreachable: sentence('Berkas tidak bisa diunduh.', 'Buka alamatnya di browser untuk memeriksa.'),
  media_timeout: sentence('Berkas terlalu lama diunduh.', 'Coba lagi, atau pakai berkas yang lebih kecil.'),
  media_too_large: sentence('Berkas terlalu besar.', 'Perkecil berkasnya, atau naikkan batas di Pengaturan.'),
  media_empty: sentence('Berkas kosong.', 'Pilih berkas lain.'),
  media_mismatch: sentence(
    'Jenis berkas tidak sesuai dengan pilihan.',
    'Pilih jenis yang benar, atau kirim sebagai dokumen.',
  ),
  media_unreadable: sentence(
    'Berkas rusak atau formatnya tidak dikenal.',
    'Simpan ulang, atau kirim sebagai dokumen.',
  ),
  view_once_unsupported: sentence(
    'Berkas jenis itu, atau untuk newsletter, tidak bisa dikirim untuk dibuka hanya sekali.',
    'Matikan pilihan itu, atau kirim gambar, video, atau pesan suara.',
  ),
  proxy_unreachable: sentence(
    'Server proxy tidak merespons.',
    'Periksa “Proxy” di Pengaturan, bagian Jaringan.',
  ),
  proxy_login_required: sentence(
    'Proxy meminta nama pengguna dan kata sandi, atau menolak yang diberikan.',
    'Isi di “Proxy” di Pengaturan, bagian Jaringan.',
  ),
  proxy_refused: sentence(
    'Proxy tidak mengizinkan koneksi ke alamat itu.',
    'Minta pengelola jaringan mengizinkannya.',
  ),
  media_upload_failed: sentence('WhatsApp tidak menerima berkas.', 'Kirim ulang.'),
  storage_full: sentence(
    'Disk penuh atau hampir penuh, jadi Kurir tidak menerima pesan baru.',
    'Kosongkan ruang disk: Kurir perlu 1 GiB.',
  ),
  storage_unavailable: sentence('Kurir tidak bisa menulis ke database.', 'Periksa disk dan folder data.'),
  data_folder_unwritable: sentence('Kurir tidak bisa menulis ke folder data.', 'Periksa izin folder itu.'),
  data_folder_in_use: sentence('Folder data ini sedang dipakai Kurir lain.', 'Tutup dulu Kurir yang lain.'),
  key_store_unavailable: sentence(
    'Penyimpan kunci komputer ini menolak akses atau tidak merespons.',
    'Buka penyimpan kuncinya, izinkan Kurir memakainya, lalu jalankan ulang Kurir.',
  ),
  data_key_unavailable: sentence(
    'Kunci untuk folder data ini tidak ada.',
    'Jalankan Kurir dengan cara yang sama seperti sebelumnya.',
  ),
  database_newer: sentence('Database ini ditulis oleh versi Kurir yang lebih baru.', 'Perbarui Kurir.'),
  database_damaged: sentence(
    'Database rusak, jadi Kurir tidak menerima pesan baru.',
    'Salin folder data, jalankan ulang Kurir, lalu pulihkan cadangan di Pengaturan.',
  ),
  backup_invalid: sentence(
    'Berkas ini bukan cadangan Kurir.',
    'Pilih berkas yang dibuat dengan “Buat cadangan”.',
  ),
  port_taken: sentence('Port ini dipakai program lain.', 'Tutup program itu, atau pilih port lain.'),
  port_not_allowed: sentence(
    'Sistem tidak mengizinkan Kurir memakai port itu.',
    'Pilih port lain di atas 1023.',
  ),
  option_invalid: sentence(
    'Kurir dijalankan dengan opsi yang salah.',
    'Perbaiki opsinya, lalu jalankan lagi Kurir.',
  ),
  setting_unknown: sentence('Pengaturan ini tidak ada.', 'Periksa namanya.'),
  setting_invalid: sentence('Nilai ini tidak diizinkan di sini.', 'Periksa lagi isian Anda.'),
  call_invalid: sentence('Versi jendela ini berbeda dengan versi Kurir.', 'Muat ulang jendela ini.'),
  shutting_down: sentence('Kurir sedang tidak merespons.', 'Coba lagi setelah Kurir berjalan lagi.'),
  internal_error: sentence(
    'Terjadi kesalahan di dalam Kurir.',
    'Coba lagi. Jika terulang, simpan diagnostik di Pengaturan dan laporkan masalahnya.',
  ),
}
