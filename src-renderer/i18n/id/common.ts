import type { common as english } from '../en/common.ts'

export const common: typeof english = {
  navigation: {
    label: 'Halaman',
    devices: 'Perangkat',
    send: 'Kirim',
    log: 'Riwayat',
    api: 'API',
    sandbox: 'Latihan',
    settings: 'Pengaturan',
    skip: 'Langsung ke isi halaman',
  },
  close: 'Tutup',
  cancel: 'Batal',
  back: 'Kembali',
  next: 'Lanjut',
  done: 'Selesai',
  save: 'Simpan',
  copy: 'Salin',
  copied: 'Tersalin',
  copyFailed: 'Gagal menyalin',
  tryAgain: 'Coba lagi',
  loading: 'Memuat…',
  never: 'belum pernah',
  all: 'Semua',
  somethingWrong: 'Terjadi kesalahan',
  windowFailures: {
    fileChanged: {
      what: 'Berkas diubah, dipindahkan, atau dihapus setelah Anda memilihnya.',
      todo: 'Pilih lagi berkas itu.',
    },
    answerLost: {
      what: 'Kurir berhenti merespons saat menerima pesan.',
      todo: 'Pesan mungkin sudah terkirim. Periksa Riwayat sebelum mengirim ulang.',
    },
  },
  number: 'Nomor',
  list: (parts: string[]) => new Intl.ListFormat('id').format(parts),
  now: 'baru saja',
  inTime: (time: string) => `${time} lagi`,
  today: (time: string) => `hari ini, ${time}`,
  yesterday: (time: string) => `kemarin, ${time}`,
  units: {
    seconds: (n: number) => `${n} dtk`,
    minutes: (n: number) => `${n} mnt`,
    hours: (n: number) => `${n} jam`,
    days: (n: number) => `${n} hari`,
  },
  link: {
    connecting: 'Menghubungi Kurir…',
    offline:
      'Kurir tidak merespons, dan isi halaman ini mungkin tidak terbaru. Jendela ini akan terhubung lagi secara otomatis. Jika Kurir dijalankan ulang, buka alamat baru yang ditampilkannya.',
    refusedTitle: 'Jendela ini tidak punya akses ke Kurir',
    refused:
      'Alamat ini berasal dari saat Kurir dijalankan sebelumnya, atau diketik sendiri. Buka alamat yang ditampilkan Kurir saat dijalankan.',
  },
  status: {
    paused:
      'Pengiriman dijeda. Pesan yang menunggu akan dikirim saat Anda melanjutkan. Pesan baru yang tidak boleh menunggu akan ditolak.',
    pause: 'Jeda',
    resume: 'Lanjutkan',
    full: 'Disk penuh atau hampir penuh. Kurir tetap mengirim pesan yang sudah diterima, tetapi tidak bisa menerima pesan baru sampai Anda mengosongkan ruang disk.',
    read_only:
      'Kurir tidak bisa menulis ke folder data, jadi tidak menerima pesan baru. Periksa disk dan izin folder itu.',
    damaged:
      'Database rusak, jadi Kurir tidak menerima pesan baru. Salin folder data, lalu jalankan ulang Kurir.',
    apiStopped: 'API tidak berjalan, jadi program Anda tidak bisa mengirim.',
    look: 'Lihat penyebabnya',
    waiting: (n: number) => `${n} pesan menunggu`,
    apiRuns: 'API berjalan',
    apiOff: 'API berhenti',
  },
  notices: {
    restarted_after_error:
      'Kurir dijalankan ulang setelah terjadi kesalahan. Pesan yang sudah diterima tidak ada yang hilang.',
    window_reloaded: 'Jendela dimuat ulang setelah terjadi kesalahan.',
    finishing: 'Menyelesaikan pesan yang sedang dikirim sebelum keluar…',
    database_set_aside:
      'Database rusak. Kurir menyimpan berkas yang rusak dan memulai database baru. Tautkan lagi perangkat, atau pulihkan cadangan.',
    settings_set_aside:
      'Pengaturan rusak. Semua pengaturan dikembalikan ke nilai bawaan. Harap periksa kembali.',
  },
  crash: {
    title: 'Halaman ini berhenti bekerja',
    text: 'Pesan Anda aman: hanya jendela ini yang bermasalah. Muat ulang untuk melanjutkan.',
    reload: 'Muat ulang',
  },
}
