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
    finishing: 'Menyelesaikan pesan yang sedang dikirim …',
    device: {
      connected: 'terhubung',
      connecting: 'menghubungkan …',
      waiting: 'terputus, mencoba lagi',
      pairing: 'menunggu dipindai',
      unpaired: 'belum ditautkan',
      stopped: 'berhenti',
      timeLocked: 'terhubung, kontak baru diblokir',
    },
  },
  contextMenu: { cut: 'Potong', copy: 'Salin', paste: 'Tempel', selectAll: 'Pilih semua' },
  notifications: {
    someDevice: 'Sebuah perangkat',
    dropped: {
      title: (device) => `${device} terputus`,
      body: 'Perangkat ini sudah terputus selama satu menit. Kurir terus mencoba. Periksa koneksi internet.',
    },
    loggedOut: {
      title: (device) => `${device} sudah dikeluarkan dari WhatsApp`,
      body: 'Perangkat ini tidak bisa mengirim sebelum ditautkan lagi. Buka Kurir untuk menautkannya.',
    },
    needsPairing: {
      title: (device) => `${device} perlu ditautkan`,
      body: 'Buka Kurir lalu pindai kode QR dengan ponselnya.',
    },
    stopped: {
      title: (device) => `${device} berhenti`,
      body: 'Perangkat ini tidak lagi terhubung secara otomatis. Buka Kurir untuk melihat yang perlu dilakukan.',
    },
    timeLocked: {
      title: (device) => `WhatsApp membatasi ${device}`,
      body: 'Untuk sementara perangkat ini tidak bisa mengirim ke kontak baru. Kontak yang sudah dikenal tidak terpengaruh. Tunggu sampai pembatasan berakhir.',
    },
    portUnavailable: {
      title: () => 'API tidak bisa dijalankan',
      body: 'Port-nya tidak bisa dipakai. Buka Kurir untuk melihat penyebabnya dan memilih port lain.',
    },
    diskFull: {
      title: () => 'Disk penuh',
      body: 'Kurir tidak menerima pesan baru sampai Anda mengosongkan ruang disk.',
    },
    databaseSetAside: {
      title: () => 'Database rusak',
      body: 'Kurir menyimpan berkas yang rusak dan memulai database baru. Tautkan lagi perangkat, atau pulihkan cadangan.',
    },
    settingsSetAside: {
      title: () => 'Pengaturan rusak',
      body: 'Semua pengaturan dikembalikan ke nilai bawaan. Buka Kurir untuk memeriksanya.',
    },
    closedToTray: {
      title: () => 'Kurir tetap berjalan',
      body: 'Program Anda tetap bisa mengirim. Untuk keluar dari Kurir, pakai ikonnya di baki sistem.',
    },
    minimizedWithoutTray: {
      title: () => 'Kurir tetap berjalan',
      body: 'Program Anda tetap bisa mengirim. Desktop ini tidak menampilkan ikon baki, jadi jendelanya diperkecil. Untuk keluar, buka Kurir lalu tekan Ctrl+Q.',
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
        `Folder data ${folder} sedang dipakai Kurir lain, mungkin yang tanpa jendela. Hentikan Kurir itu, lalu jalankan Kurir lagi.`,
      data_key_unavailable: (folder) =>
        `Kunci data di ${folder} tidak bisa dibaca dengan penyimpan kunci pengguna ini. Buka penyimpan kuncinya, atau pakai komputer, pengguna, dan Kurir yang sama seperti saat folder ini dibuat.`,
      key_store_unavailable: (folder) =>
        `Penyimpan kunci komputer ini tidak merespons atau menolak akses. Penyimpan kunci ini melindungi rahasia Kurir di ${folder}. Jika muncul permintaan kata sandi atau pertanyaan tentang Kurir, izinkan. Masuk ke komputer dengan kata sandi Anda, lalu jalankan Kurir lagi. Tidak ada yang hilang.`,
      database_newer: () =>
        'Datanya ditulis oleh versi Kurir yang lebih baru. Pasang versi itu atau versi yang lebih baru.',
      storage_full: (folder) =>
        `Disk tempat folder data ${folder} penuh. Kosongkan ruang disk, lalu jalankan Kurir lagi.`,
      storage_unavailable: (folder) =>
        `Data di ${folder} tidak bisa dibuka. Pastikan disknya terhubung dan tidak rusak, lalu jalankan Kurir lagi.`,
    },
    notKept: {
      pause: {
        message: 'Pengiriman tidak bisa dijeda',
        detail:
          'Pesan masih dikirim. Kurir tidak bisa menulis ke folder datanya. Pastikan disknya punya ruang kosong dan bisa ditulisi, lalu coba lagi.',
      },
      resume: {
        message: 'Pengiriman tidak bisa dilanjutkan',
        detail:
          'Pengiriman masih dijeda. Kurir tidak bisa menulis ke folder datanya. Pastikan disknya punya ruang kosong dan bisa ditulisi, lalu coba lagi.',
      },
    },
    amongOurs: {
      message: 'Berkas tidak disimpan',
      detail:
        'Folder yang dipilih berisi berkas Kurir sendiri, dan salah satunya bisa tertimpa. Pilih folder lain.',
    },
    windowGone: {
      title: 'Jendela Kurir berhenti bekerja lagi',
      detail: 'Pesan tetap dikirim. Anda bisa membuka jendela lagi kapan saja dari baki sistem.',
      again: 'Buka lagi',
      leave: 'Biarkan tertutup',
    },
    crashedAgain: (file) =>
      `Kurir gagal lagi tak lama setelah dijalankan ulang. Jalankan lagi, atau kirim berkas ini ke orang yang membantu Anda: ${file}`,
    export: 'Simpan',
  },
}
