import type { FailureCode } from '../../../src-preload/contract.ts'
import type { Sentence } from '../en/devices.ts'

const sentence = (what: string, todo: string | null = null): Sentence => ({ what, todo })

export const failures: Record<FailureCode, Sentence> = {
  parameter_missing: sentence('Ada isian wajib yang kosong.', 'Isi semua yang diperlukan.'),
  parameter_invalid: sentence('Ada isian yang bentuknya salah.', 'Periksa lagi isiannya.'),
  message_too_long: sentence('Teks lebih panjang dari batas WhatsApp.', 'Paling banyak 65.536 karakter.'),
  json_invalid: sentence(
    'Permintaan dari program bukan JSON yang benar.',
    'Minta pembuat program memeriksanya.',
  ),
  content_type_unknown: sentence(
    'Bentuk permintaan dari program tidak dikenal Kurir.',
    'Pakai JSON atau formulir.',
  ),
  body_unreadable: sentence('Permintaan dari program tidak terbaca.', 'Minta pembuat program memeriksanya.'),
  body_too_large: sentence(
    'Permintaannya terlalu besar.',
    'Kirim berkas yang lebih kecil, atau naikkan batas di Pengaturan.',
  ),
  headers_too_large: sentence('Alamat permintaannya terlalu panjang.', 'Kirim dengan POST.'),
  request_malformed: sentence(
    'Permintaannya bukan HTTP yang benar.',
    'Kodekan alamatnya: spasi ditulis %20.',
  ),
  request_timeout: sentence('Permintaan tidak sampai utuh tepat waktu.', 'Periksa jaringan, lalu coba lagi.'),
  path_unknown: sentence('API tidak punya alamat itu.', 'Cocokkan dengan alamat di halaman API.'),
  method_not_allowed: sentence('Alamat itu tidak dipanggil dengan cara ini.', 'Pakai GET atau POST.'),
  host_not_allowed: sentence(
    'API dipanggil dengan nama yang tidak diizinkan.',
    'Pakai alamat di halaman API.',
  ),
  origin_not_allowed: sentence(
    'API dipanggil halaman web yang tidak terdaftar.',
    'Daftarkan alamatnya di Pengaturan kalau Anda percaya.',
  ),
  prefetch_refused: sentence('Peramban meminta lebih dulu tanpa disuruh, jadi tidak ada yang dikirim.'),
  too_many_requests: sentence(
    'Terlalu banyak permintaan dalam waktu singkat.',
    'Tunggu semenit, atau naikkan batas di Pengaturan.',
  ),
  too_many_connections: sentence(
    'Terlalu banyak program tersambung sekaligus.',
    'Tutup sebagian, atau naikkan batas di Pengaturan.',
  ),
  queue_full: sentence(
    'Sudah terlalu banyak pesan atau berkas yang menunggu.',
    'Tunggu sampai sebagian terkirim.',
  ),
  key_missing: sentence('Kuncinya tidak disertakan.', 'Masukkan kunci dari halaman API ke program itu.'),
  key_unknown: sentence('Kuncinya salah atau sudah dicabut.', 'Buat kunci baru di halaman API.'),
  key_expired: sentence('Kuncinya sudah kedaluwarsa.', 'Buat kunci baru di halaman API.'),
  key_not_for_device: sentence(
    'Kunci itu tidak boleh memakai perangkat ini.',
    'Pakai kunci untuk perangkat ini.',
  ),
  key_lacks_right: sentence('Kunci itu tidak punya hak untuk ini.', 'Pakai kunci yang punya haknya.'),
  key_name_taken: sentence('Sudah ada kunci dengan nama itu.', 'Pilih nama lain.'),
  sender_unknown: sentence(
    'Tidak ada perangkat dengan nomor itu di sini.',
    'Periksa pengirimnya, atau tambahkan perangkatnya.',
  ),
  sender_not_paired: sentence('Perangkatnya belum ditautkan dengan ponsel.', 'Tautkan di halaman Perangkat.'),
  device_disconnected: sentence(
    'Perangkatnya tidak terhubung, jadi tidak ada yang dikirim.',
    'Lihat di halaman Perangkat apa yang perlu dilakukan.',
  ),
  device_connected: sentence('Perangkatnya sudah terhubung.'),
  device_not_found: sentence('Perangkat itu sudah tidak ada.', 'Pilih yang lain.'),
  device_number_taken: sentence(
    'Nomor itu sudah dipakai perangkat lain.',
    'Pakai perangkat itu, atau hapus dulu.',
  ),
  too_many_devices: sentence(
    'Jumlah ponsel di sini sudah mencapai batas.',
    'Hapus yang tidak dipakai, atau naikkan batasnya di Pengaturan.',
  ),
  too_many_pairings: sentence(
    'Sudah ada tiga ponsel yang sedang ditautkan.',
    'Selesaikan atau batalkan salah satunya, lalu coba lagi.',
  ),
  device_kind_unavailable: sentence('Perangkat seperti itu tidak bisa dipakai kali ini.'),
  pairing_failed: sentence(
    'Ponselnya tidak bisa ditautkan.',
    'Coba lagi saat ponsel daring dan tidak terkunci.',
  ),
  number_invalid: sentence('Ini bukan nomor telepon.', 'Tulis seperti 0812 3456 7890 atau +62 812….'),
  number_too_short: sentence('Nomornya terlalu pendek.', 'Periksa apakah ada angka yang kurang.'),
  too_many_recipients: sentence(
    'Penerimanya lebih dari 256.',
    'Belum ada yang terkirim. Kirim ke penerima lainnya dengan pesan kedua.',
  ),
  number_too_long: sentence('Nomornya terlalu panjang.', 'Periksa apakah ada angka yang lebih.'),
  not_on_whatsapp: sentence('Nomor ini tidak ada di WhatsApp.', 'Tanyakan lagi nomornya ke pelanggan.'),
  lookup_failed: sentence('WhatsApp tidak menjawab apakah nomor ini ada.', 'Coba lagi sebentar lagi.'),
  not_confirmed: sentence('WhatsApp belum mengonfirmasi. Kurir terus mencoba.'),
  not_sent: sentence('Pesannya belum keluar dari PC ini.', 'Kirim lagi.'),
  no_recipient_device: sentence('WhatsApp tidak menyebut ponsel tujuannya.', 'Kirim lagi nanti.'),
  encryption_failed: sentence('Pesan tidak bisa dienkripsi untuk orang ini.', 'Kirim lagi nanti.'),
  refused_by_whatsapp: sentence('WhatsApp menolak pesannya.', 'Tunggu dulu sebelum mengirim lagi.'),
  contact_locked: sentence(
    'WhatsApp belum mengizinkan ponsel ini menulis ke kontak ini, padahal Kurir sudah mencoba semua alamatnya.',
    'Minta ia mengirim pesan lebih dulu. Jika halaman Perangkat menyarankan menautkan ulang ponsel, lakukan itu.',
  ),
  time_locked: sentence(
    'Untuk sementara WhatsApp melarang ponsel ini menulis ke kontak baru.',
    'Tunggu sampai waktunya lewat.',
  ),
  new_chat_quota_used: sentence(
    'Untuk sementara WhatsApp tidak mengizinkan ponsel ini memulai obrolan baru.',
    'Kontak yang sudah dikenal tetap menerima pesan. Kartu ponsel menunjukkan kapan kontak baru bisa dikirimi lagi.',
  ),
  ceiling_reached: sentence(
    'Ponsel ini sudah mengirim sebanyak yang aman untuk saat ini.',
    'Tunggu, atau ubah laju di Pengaturan.',
  ),
  sending_paused: sentence('Pengiriman sedang dijeda.', 'Tekan “Lanjutkan” kalau sudah siap.'),
  expired: sentence(
    'WhatsApp tidak mengonfirmasi dalam 24 jam, atau sebelum ponselnya dihapus, jadi Kurir berhenti mencoba.',
    'Mungkin tetap sampai. Kirim lagi kalau masih perlu.',
  ),
  idempotency_key_reused: sentence(
    'Program memakai satu tanda untuk dua pesan yang berbeda.',
    'Minta pembuatnya memeriksa.',
  ),
  message_not_found: sentence('Pesan itu sudah tidak ada di riwayat.'),
  text_not_kept: sentence(
    'Teksnya tidak disimpan, jadi tidak bisa dikirim lagi.',
    'Tulis ulang di halaman Kirim.',
  ),
  media_url_invalid: sentence('Ini bukan alamat web.', 'Awalannya http:// atau https://.'),
  media_address_refused: sentence(
    'Alamatnya mengarah ke PC atau jaringan ini, yang tertutup.',
    'Daftarkan sebagai tepercaya di Pengaturan kalau itu milik Anda.',
  ),
  media_not_direct: sentence(
    'Alamatnya membuka halaman, bukan berkasnya.',
    'Pakai tautan langsung, yang begitu dibuka langsung mengunduh.',
  ),
  media_unreachable: sentence('Berkasnya tidak bisa diambil.', 'Buka alamatnya di peramban untuk memeriksa.'),
  media_timeout: sentence('Berkasnya terlalu lama sampai.', 'Coba lagi, atau pakai berkas yang lebih kecil.'),
  media_too_large: sentence('Berkasnya terlalu besar.', 'Perkecil, atau naikkan batas di Pengaturan.'),
  media_empty: sentence('Berkasnya kosong.', 'Pilih berkas lain.'),
  media_mismatch: sentence(
    'Jenis berkasnya tidak sesuai dengan yang disebut.',
    'Pilih jenis yang benar, atau kirim sebagai dokumen.',
  ),
  media_unreadable: sentence(
    'Berkasnya rusak atau formatnya tidak dikenal.',
    'Simpan ulang, atau kirim sebagai dokumen.',
  ),
  view_once_unsupported: sentence(
    'Berkas jenis itu, atau untuk newsletter, tidak bisa dibuat hanya sekali buka.',
    'Kirim tanpa pilihan itu, atau sebagai gambar, video, atau pesan suara.',
  ),
  proxy_unreachable: sentence('Proxy tidak menjawab.', 'Periksa “Proxy” di Pengaturan, bagian Jaringan.'),
  proxy_login_required: sentence(
    'Proxy meminta nama pengguna dan kata sandi, atau tidak menerima yang diberikan.',
    'Tulis di “Proxy” di Pengaturan, bagian Jaringan.',
  ),
  proxy_refused: sentence(
    'Proxy tidak membuka sambungan ke tempat itu.',
    'Minta pengelola jaringan mengizinkan PC ini ke sana.',
  ),
  media_upload_failed: sentence('WhatsApp tidak menerima berkasnya.', 'Kirim lagi.'),
  storage_full: sentence(
    'Disk penuh atau hampir penuh, jadi pesan baru tidak diterima.',
    'Kosongkan sebagian disk: Kurir perlu 1 GiB ruang kosong.',
  ),
  storage_unavailable: sentence('Basis data tidak bisa ditulisi.', 'Periksa disk dan folder data.'),
  data_folder_unwritable: sentence('Folder data tidak bisa ditulisi.', 'Periksa izinnya.'),
  data_folder_in_use: sentence('Folder data itu dipakai Kurir yang lain.', 'Tutup dulu yang lain.'),
  key_store_unavailable: sentence(
    'Penyimpan kunci komputer ini menolak atau tidak menjawab.',
    'Buka penyimpan kuncinya, izinkan Kurir memakainya, lalu jalankan Kurir lagi.',
  ),
  data_key_unavailable: sentence(
    'Kunci untuk folder data ini tidak ada.',
    'Jalankan Kurir dengan cara yang sama seperti sebelumnya.',
  ),
  database_newer: sentence('Basis data ini dari Kurir yang lebih baru.', 'Perbarui Kurir.'),
  database_damaged: sentence(
    'Basis data rusak, jadi pesan baru tidak diterima.',
    'Salin folder data, jalankan Kurir lagi, lalu pulihkan cadangan di Pengaturan.',
  ),
  backup_invalid: sentence(
    'Berkas ini bukan cadangan Kurir.',
    'Pilih berkas yang dibuat dengan “Buat cadangan”.',
  ),
  port_taken: sentence('Port ini dipakai program lain.', 'Tutup program itu, atau pilih port lain.'),
  port_not_allowed: sentence(
    'Sistem tidak mengizinkan Kurir membuka port itu.',
    'Pilih port lain di atas 1023.',
  ),
  option_invalid: sentence('Ada opsi yang salah saat Kurir dijalankan.'),
  setting_unknown: sentence('Pengaturan itu tidak ada.'),
  setting_invalid: sentence('Nilai ini tidak bisa dipakai di sini.', 'Periksa lagi isiannya.'),
  call_invalid: sentence('Versi jendela ini berbeda dengan Kurir.', 'Muat ulang jendelanya.'),
  shutting_down: sentence('Kurir sedang tidak menjawab.', 'Coba lagi kalau sudah kembali.'),
  internal_error: sentence(
    'Ada yang salah di dalam Kurir.',
    'Coba lagi. Kalau tetap begitu, simpan diagnostik di Pengaturan dan laporkan.',
  ),
}
