import type { FailureCode } from '../../../src-preload/contract.ts'
import type { Sentence } from '../en/devices.ts'

const says = (what: string, todo: string | null = null): Sentence => ({ what, todo })

export const failures: Record<FailureCode, Sentence> = {
  parameter_missing: says('Ada isian wajib yang kosong.', 'Isi semua yang diperlukan.'),
  parameter_invalid: says('Ada isian yang bentuknya salah.', 'Periksa lagi isiannya.'),
  message_too_long: says('Teks lebih panjang dari batas WhatsApp.', 'Paling banyak 65.536 karakter.'),
  json_invalid: says('Permintaan dari program bukan JSON yang benar.', 'Minta pembuat program memeriksanya.'),
  content_type_unknown: says(
    'Bentuk permintaan dari program tidak dikenal Kurir.',
    'Pakai JSON atau formulir.',
  ),
  body_unreadable: says('Permintaan dari program tidak terbaca.', 'Minta pembuat program memeriksanya.'),
  body_too_large: says(
    'Permintaannya terlalu besar.',
    'Kirim berkas yang lebih kecil, atau naikkan batas di Pengaturan.',
  ),
  headers_too_large: says('Alamat permintaannya terlalu panjang.', 'Kirim dengan POST.'),
  request_malformed: says('Permintaannya bukan HTTP yang benar.', 'Kodekan alamatnya: spasi ditulis %20.'),
  request_timeout: says('Permintaan tidak sampai utuh tepat waktu.', 'Periksa jaringan, lalu coba lagi.'),
  path_unknown: says('API tidak punya alamat itu.', 'Cocokkan dengan alamat di halaman API.'),
  method_not_allowed: says('Alamat itu tidak dipanggil dengan cara ini.', 'Pakai GET atau POST.'),
  host_not_allowed: says('API dipanggil dengan nama yang tidak diizinkan.', 'Pakai alamat di halaman API.'),
  origin_not_allowed: says(
    'API dipanggil halaman web yang tidak terdaftar.',
    'Daftarkan alamatnya di Pengaturan kalau Anda percaya.',
  ),
  prefetch_refused: says('Peramban meminta lebih dulu tanpa disuruh, jadi tidak ada yang dikirim.'),
  too_many_requests: says(
    'Terlalu banyak permintaan dalam waktu singkat.',
    'Tunggu semenit, atau naikkan batas di Pengaturan.',
  ),
  too_many_connections: says(
    'Terlalu banyak program tersambung sekaligus.',
    'Tutup sebagian, atau naikkan batas di Pengaturan.',
  ),
  queue_full: says(
    'Sudah terlalu banyak pesan atau berkas yang menunggu.',
    'Tunggu sampai sebagian terkirim.',
  ),
  key_missing: says('Kuncinya tidak disertakan.', 'Masukkan kunci dari halaman API ke program itu.'),
  key_unknown: says('Kuncinya salah atau sudah dicabut.', 'Buat kunci baru di halaman API.'),
  key_expired: says('Kuncinya sudah kedaluwarsa.', 'Buat kunci baru di halaman API.'),
  key_not_for_device: says(
    'Kunci itu tidak boleh memakai perangkat ini.',
    'Pakai kunci untuk perangkat ini.',
  ),
  key_lacks_right: says('Kunci itu tidak punya hak untuk ini.', 'Pakai kunci yang punya haknya.'),
  key_name_taken: says('Sudah ada kunci dengan nama itu.', 'Pilih nama lain.'),
  sender_unknown: says(
    'Tidak ada perangkat dengan nomor itu di sini.',
    'Periksa pengirimnya, atau tambahkan perangkatnya.',
  ),
  sender_not_paired: says('Perangkatnya belum ditautkan dengan ponsel.', 'Tautkan di halaman Perangkat.'),
  device_disconnected: says(
    'Perangkatnya tidak terhubung, jadi tidak ada yang dikirim.',
    'Lihat di halaman Perangkat apa yang perlu dilakukan.',
  ),
  device_connected: says('Perangkatnya sudah terhubung.'),
  device_not_found: says('Perangkat itu sudah tidak ada.', 'Pilih yang lain.'),
  device_number_taken: says(
    'Nomor itu sudah dipakai perangkat lain.',
    'Pakai perangkat itu, atau hapus dulu.',
  ),
  too_many_devices: says(
    'Jumlah ponsel di sini sudah mencapai batas.',
    'Hapus yang tidak dipakai, atau naikkan batasnya di Pengaturan.',
  ),
  too_many_pairings: says(
    'Sudah ada tiga ponsel yang sedang ditautkan.',
    'Selesaikan atau batalkan salah satunya, lalu coba lagi.',
  ),
  device_kind_unavailable: says('Perangkat seperti itu tidak bisa dipakai kali ini.'),
  pairing_failed: says('Ponselnya tidak bisa ditautkan.', 'Coba lagi saat ponsel daring dan tidak terkunci.'),
  number_invalid: says('Ini bukan nomor telepon.', 'Tulis seperti 0812 3456 7890 atau +62 812….'),
  number_too_short: says('Nomornya terlalu pendek.', 'Periksa apakah ada angka yang kurang.'),
  too_many_recipients: says(
    'Penerimanya lebih dari 256.',
    'Belum ada yang terkirim. Kirim ke penerima lainnya dengan pesan kedua.',
  ),
  number_too_long: says('Nomornya terlalu panjang.', 'Periksa apakah ada angka yang lebih.'),
  not_on_whatsapp: says('Nomor ini tidak ada di WhatsApp.', 'Tanyakan lagi nomornya ke pelanggan.'),
  lookup_failed: says('WhatsApp tidak menjawab apakah nomor ini ada.', 'Coba lagi sebentar lagi.'),
  not_confirmed: says('WhatsApp belum mengonfirmasi. Kurir terus mencoba.'),
  not_sent: says('Pesannya belum keluar dari PC ini.', 'Kirim lagi.'),
  no_recipient_device: says('WhatsApp tidak menyebut ponsel tujuannya.', 'Kirim lagi nanti.'),
  encryption_failed: says('Pesan tidak bisa dienkripsi untuk orang ini.', 'Kirim lagi nanti.'),
  refused_by_whatsapp: says('WhatsApp menolak pesannya.', 'Tunggu dulu sebelum mengirim lagi.'),
  contact_locked: says(
    'WhatsApp belum mengizinkan ponsel ini menulis ke kontak ini, padahal Kurir sudah mencoba semua alamatnya.',
    'Minta ia mengirim pesan lebih dulu. Jika halaman Perangkat menyarankan menautkan ulang ponsel, lakukan itu.',
  ),
  time_locked: says(
    'Untuk sementara WhatsApp melarang ponsel ini menulis ke kontak baru.',
    'Tunggu sampai waktunya lewat.',
  ),
  new_chat_quota_used: says(
    'Untuk sementara WhatsApp tidak mengizinkan ponsel ini memulai obrolan baru.',
    'Kontak yang sudah dikenal tetap menerima pesan. Kartu ponsel menunjukkan kapan kontak baru bisa dikirimi lagi.',
  ),
  ceiling_reached: says(
    'Ponsel ini sudah mengirim sebanyak yang aman untuk saat ini.',
    'Tunggu, atau ubah laju di Pengaturan.',
  ),
  sending_paused: says('Pengiriman sedang dijeda.', 'Tekan “Lanjutkan” kalau sudah siap.'),
  expired: says(
    'WhatsApp tidak mengonfirmasi dalam 24 jam, atau sebelum ponselnya dihapus, jadi Kurir berhenti mencoba.',
    'Mungkin tetap sampai. Kirim lagi kalau masih perlu.',
  ),
  idempotency_key_reused: says(
    'Program memakai satu tanda untuk dua pesan yang berbeda.',
    'Minta pembuatnya memeriksa.',
  ),
  message_not_found: says('Pesan itu sudah tidak ada di riwayat.'),
  text_not_kept: says(
    'Teksnya tidak disimpan, jadi tidak bisa dikirim lagi.',
    'Tulis ulang di halaman Kirim.',
  ),
  media_url_invalid: says('Ini bukan alamat web.', 'Awalannya http:// atau https://.'),
  media_address_refused: says(
    'Alamatnya mengarah ke PC atau jaringan ini, yang tertutup.',
    'Daftarkan sebagai tepercaya di Pengaturan kalau itu milik Anda.',
  ),
  media_not_direct: says(
    'Alamatnya membuka halaman, bukan berkasnya.',
    'Pakai tautan langsung, yang begitu dibuka langsung mengunduh.',
  ),
  media_unreachable: says('Berkasnya tidak bisa diambil.', 'Buka alamatnya di peramban untuk memeriksa.'),
  media_timeout: says('Berkasnya terlalu lama sampai.', 'Coba lagi, atau pakai berkas yang lebih kecil.'),
  media_too_large: says('Berkasnya terlalu besar.', 'Perkecil, atau naikkan batas di Pengaturan.'),
  media_empty: says('Berkasnya kosong.', 'Pilih berkas lain.'),
  media_mismatch: says(
    'Jenis berkasnya tidak sesuai dengan yang disebut.',
    'Pilih jenis yang benar, atau kirim sebagai dokumen.',
  ),
  media_unreadable: says(
    'Berkasnya rusak atau formatnya tidak dikenal.',
    'Simpan ulang, atau kirim sebagai dokumen.',
  ),
  view_once_unsupported: says(
    'Berkas jenis itu, atau untuk newsletter, tidak bisa dibuat hanya sekali buka.',
    'Kirim tanpa pilihan itu, atau sebagai gambar, video, atau pesan suara.',
  ),
  proxy_unreachable: says('Proxy tidak menjawab.', 'Periksa “Proxy” di Pengaturan, bagian Jaringan.'),
  proxy_login_required: says(
    'Proxy meminta nama pengguna dan kata sandi, atau tidak menerima yang diberikan.',
    'Tulis di “Proxy” di Pengaturan, bagian Jaringan.',
  ),
  proxy_refused: says(
    'Proxy tidak membuka sambungan ke tempat itu.',
    'Minta pengelola jaringan mengizinkan PC ini ke sana.',
  ),
  media_upload_failed: says('WhatsApp tidak menerima berkasnya.', 'Kirim lagi.'),
  storage_full: says(
    'Disk penuh atau hampir penuh, jadi pesan baru tidak diterima.',
    'Kosongkan sebagian disk: Kurir perlu 1 GiB ruang kosong.',
  ),
  storage_unavailable: says('Basis data tidak bisa ditulisi.', 'Periksa disk dan folder data.'),
  data_folder_unwritable: says('Folder data tidak bisa ditulisi.', 'Periksa izinnya.'),
  data_folder_in_use: says('Folder data itu dipakai Kurir yang lain.', 'Tutup dulu yang lain.'),
  key_store_unavailable: says(
    'Penyimpan kunci komputer ini menolak atau tidak menjawab.',
    'Buka penyimpan kuncinya, izinkan Kurir memakainya, lalu jalankan Kurir lagi.',
  ),
  data_key_unavailable: says(
    'Kunci untuk folder data ini tidak ada.',
    'Jalankan Kurir dengan cara yang sama seperti sebelumnya.',
  ),
  database_newer: says('Basis data ini dari Kurir yang lebih baru.', 'Perbarui Kurir.'),
  database_damaged: says(
    'Basis data rusak, jadi pesan baru tidak diterima.',
    'Salin folder data, jalankan Kurir lagi, lalu pulihkan cadangan di Pengaturan.',
  ),
  backup_invalid: says(
    'Berkas ini bukan cadangan Kurir.',
    'Pilih berkas yang dibuat dengan “Buat cadangan”.',
  ),
  port_taken: says('Port ini dipakai program lain.', 'Tutup program itu, atau pilih port lain.'),
  port_not_allowed: says('Sistem tidak mengizinkan Kurir membuka port itu.', 'Pilih port lain di atas 1023.'),
  option_invalid: says('Ada opsi yang salah saat Kurir dijalankan.'),
  setting_unknown: says('Pengaturan itu tidak ada.'),
  setting_invalid: says('Nilai ini tidak bisa dipakai di sini.', 'Periksa lagi isiannya.'),
  call_invalid: says('Versi jendela ini berbeda dengan Kurir.', 'Muat ulang jendelanya.'),
  shutting_down: says('Kurir sedang tidak menjawab.', 'Coba lagi kalau sudah kembali.'),
  internal_error: says(
    'Ada yang salah di dalam Kurir.',
    'Coba lagi. Kalau tetap begitu, simpan diagnostik di Pengaturan dan laporkan.',
  ),
}
