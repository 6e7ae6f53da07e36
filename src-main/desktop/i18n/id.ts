import type { Texts } from './texts.ts'

export const indonesian: Texts = {
  tray: {
    open: 'Buka Kurir',
    copyAddress: 'Salin alamat API',
    pause: 'Jeda pengiriman',
    resume: 'Lanjutkan pengiriman',
    settings: 'Pengaturan',
    quit: 'Keluar',
    noDevices: 'Belum ada perangkat',
    overall: {
      all: 'Semua perangkat terhubung',
      some: (connected, of) => `${connected} dari ${of} perangkat terhubung`,
      none: 'Tidak ada perangkat yang terhubung',
      noDevices: 'Belum ada perangkat',
      apiStopped: 'API tidak berjalan',
      attention: 'Ada yang perlu Anda tangani',
    },
    paused: 'Pengiriman dijeda',
    finishing: 'Menyelesaikan pengiriman …',
    device: {
      connected: 'terhubung',
      connecting: 'menghubungkan …',
      waiting: 'terputus, mencoba lagi',
      pairing: 'menunggu dipindai',
      unpaired: 'belum ditautkan',
      stopped: 'berhenti',
      timeLocked: 'terhubung, kontak baru dibatasi',
    },
  },
  contextMenu: { cut: 'Potong', copy: 'Salin', paste: 'Tempel', selectAll: 'Pilih semua' },
  notifications: {
    someDevice: 'Sebuah perangkat',
    dropped: {
      title: (device) => `${device} terputus`,
      body: 'Sudah satu menit belum terhubung lagi. Kurir terus mencoba; periksa sambungan internet.',
    },
    loggedOut: {
      title: (device) => `${device} sudah keluar dari WhatsApp`,
      body: 'Tidak ada yang bisa dikirim dari sana sebelum ditautkan lagi.',
    },
    needsPairing: {
      title: (device) => `${device} perlu ditautkan`,
      body: 'Buka Kurir lalu pindai kode QR dengan ponselnya.',
    },
    stopped: {
      title: (device) => `${device} berhenti`,
      body: 'Perangkat ini tidak lagi mencoba terhubung sendiri. Buka Kurir untuk melihat sebabnya.',
    },
    timeLocked: {
      title: (device) => `WhatsApp membatasi ${device}`,
      body: 'Untuk sementara tidak bisa mengirim ke kontak baru. Kontak yang sudah dikenal tidak terpengaruh.',
    },
    portUnavailable: {
      title: () => 'API tidak bisa dijalankan',
      body: 'Port-nya tidak bisa dipakai. Buka Kurir untuk melihat sebabnya dan memilih port lain.',
    },
    diskFull: {
      title: () => 'Disk penuh',
      body: 'Kurir tidak menerima pesan sampai ada ruang lagi.',
    },
    databaseSetAside: {
      title: () => 'Basis data rusak',
      body: 'Sudah disisihkan, dan Kurir memulai yang baru. Tautkan perangkat lagi, atau pulihkan cadangan.',
    },
    settingsSetAside: {
      title: () => 'Pengaturan rusak',
      body: 'Sudah disisihkan, dan semuanya kembali seperti awal. Buka Kurir untuk memeriksanya.',
    },
    closedToTray: {
      title: () => 'Kurir tetap berjalan',
      body: 'Program lain tetap bisa mengirim. Ikonnya ada di baki sistem; keluar dari sana.',
    },
    minimizedWithoutTray: {
      title: () => 'Kurir tetap berjalan',
      body: 'Program lain tetap bisa mengirim. Desktop ini tidak menampilkan ikon baki, jadi jendelanya diperkecil. Untuk keluar, buka Kurir lalu tekan Ctrl+Q.',
    },
    finishing: {
      title: () => 'Kurir akan ditutup',
      body: 'Pesan yang sedang dikirim diselesaikan dulu.',
    },
  },
  dialogs: {
    cannotStart: 'Kurir tidak bisa dijalankan',
    reasons: {
      data_folder_unwritable: (folder) =>
        `Kurir tidak bisa menulis ke folder datanya, ${folder}. Pastikan pengguna ini boleh menulis di sana, lalu jalankan Kurir lagi.`,
      data_folder_in_use: (folder) =>
        `Folder data ${folder} sedang dipakai Kurir lain, mungkin yang tanpa jendela. Hentikan yang itu, lalu jalankan Kurir lagi.`,
      data_key_unavailable: (folder) =>
        `Kunci data di ${folder} tidak bisa dibuka dengan penyimpan kunci pengguna ini. Buka penyimpan kuncinya, atau pakai komputer, pengguna, dan Kurir yang dulu menyiapkan folder ini.`,
      key_store_unavailable: (folder) =>
        `Penyimpan kunci komputer ini, yang mengunci rahasia Kurir di ${folder}, tidak menjawab atau menolak. Kalau ia menanyakan kata sandi Anda atau bertanya tentang Kurir, izinkan. Masuk ke komputer dengan kata sandi Anda, lalu jalankan Kurir lagi. Tidak ada yang hilang.`,
      database_newer: () =>
        'Datanya ditulis oleh versi Kurir yang lebih baru. Pasang versi itu atau yang lebih baru lagi.',
      storage_full: (folder) =>
        `Disk tempat folder data ${folder} penuh. Kosongkan sebagian, lalu jalankan Kurir lagi.`,
      storage_unavailable: (folder) =>
        `Data di ${folder} tidak bisa dibuka. Pastikan disknya terhubung dan tidak rusak, lalu jalankan Kurir lagi.`,
    },
    notKept: {
      pause: {
        message: 'Pengiriman tidak bisa dijeda',
        detail:
          'Pesan masih dikirim: Kurir tidak bisa menulis di folder datanya. Pastikan disknya masih punya ruang dan bisa ditulis, lalu coba lagi.',
      },
      resume: {
        message: 'Pengiriman tidak bisa dilanjutkan',
        detail:
          'Pengiriman masih dijeda: Kurir tidak bisa menulis di folder datanya. Pastikan disknya masih punya ruang dan bisa ditulis, lalu coba lagi.',
      },
    },
    amongOurs: {
      message: 'Berkas tidak disimpan',
      detail: 'Tempatnya di antara berkas Kurir sendiri, dan salah satunya bisa tertimpa. Pilih folder lain.',
    },
    windowGone: {
      title: 'Jendela Kurir dua kali berhenti bekerja',
      detail: 'Pesan tetap dikirim. Jendela bisa dibuka lagi kapan saja dari baki sistem.',
      again: 'Buka lagi',
      leave: 'Biarkan tertutup',
    },
    crashedAgain: (file) =>
      `Kurir gagal lagi tak lama setelah memulai ulang dirinya. Apa yang gagal tercatat di ${file}`,
    export: 'Simpan',
  },
}
