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
  copyFailed: 'Tidak tersalin',
  tryAgain: 'Coba lagi',
  loading: 'Memuat…',
  never: 'belum pernah',
  all: 'Semua',
  somethingWrong: 'Ada yang tidak beres',
  windowFailures: {
    fileChanged: {
      what: 'Berkasnya diubah, dipindahkan, atau dihapus setelah dipilih.',
      todo: 'Pilih lagi berkasnya.',
    },
    answerLost: {
      what: 'Kurir berhenti menjawab saat menerima pesannya.',
      todo: 'Mungkin sudah terkirim: lihat dulu di Riwayat sebelum mengirim lagi.',
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
      'Kurir tidak menjawab. Yang terlihat mungkin sudah lama. Jendela ini akan tersambung lagi sendiri; kalau Kurir dijalankan ulang, buka alamat baru yang ditampilkannya.',
    refusedTitle: 'Jendela ini tidak punya izin masuk ke Kurir',
    refused:
      'Alamatnya berasal dari sesi sebelumnya, atau diketik sendiri. Buka alamat yang ditampilkan Kurir saat dijalankan.',
  },
  status: {
    paused:
      'Pengiriman dijeda. Pesan yang menunggu dikirim begitu Anda lanjutkan; pesan baru yang tidak boleh menunggu ditolak.',
    pause: 'Jeda',
    resume: 'Lanjutkan',
    full: 'Disk penuh atau hampir penuh. Yang sudah ada tetap aman, tetapi Kurir tidak menerima pesan baru sampai Anda mengosongkan sebagian disk.',
    read_only: 'Folder data tidak bisa ditulisi. Kurir tidak menerima pesan baru sampai ini diperbaiki.',
    damaged:
      'Basis data rusak. Kurir tidak menerima pesan baru; salin folder data, lalu jalankan Kurir lagi.',
    apiStopped: 'API tidak berjalan, jadi program Anda tidak bisa mengirim.',
    look: 'Lihat sebabnya',
    waiting: (n: number) => `${n} pesan menunggu`,
    apiRuns: 'API berjalan',
    apiOff: 'API berhenti',
  },
  notices: {
    restarted_after_error:
      'Kurir terpaksa dijalankan ulang setelah galat. Pesan yang sudah diterima tidak ada yang hilang.',
    window_reloaded: 'Jendela terpaksa dimuat ulang setelah galat.',
    finishing: 'Menyelesaikan pesan yang sedang dikirim sebelum keluar…',
    database_set_aside: 'Basis data rusak dan sudah disisihkan. Kurir memulai yang baru.',
    settings_set_aside:
      'Pengaturan rusak dan sudah disisihkan. Semuanya kembali seperti awal; periksalah lagi.',
  },
  crash: {
    title: 'Halaman ini berhenti bekerja',
    text: 'Pesan Anda aman: hanya jendelanya yang bermasalah. Muat ulang untuk melanjutkan.',
    reload: 'Muat ulang',
  },
}
