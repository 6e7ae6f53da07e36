import type { firstRun as englishFirstRun, settings as englishSettings } from '../en/settings.ts'

export const settings: typeof englishSettings = {
  title: 'Pengaturan',
  sections: {
    general: 'Umum',
    sending: 'Pengiriman',
    api: 'API',
    media: 'Berkas',
    network: 'Jaringan',
    log: 'Riwayat dan privasi',
    data: 'Data Anda',
    updates: 'Pembaruan',
    about: 'Tentang Kurir',
  },
  contents: 'Bagian halaman ini',
  saved: 'Tersimpan',
  overridden: 'Ditentukan dari baris perintah untuk kali ini.',
  notHere: 'Hanya di aplikasi desktop.',
  listHint: 'Satu per baris.',
  between: (least: string, most: string) => `Dari ${least} sampai ${most}`,
  default: (value: string) => `Biasanya ${value}.`,
  fields: {
    language: {
      name: 'Bahasa',
      text: 'Bahasa jendela ini.',
      choices: { system: 'Ikut sistem', id: 'Bahasa Indonesia', en: 'English' },
    },
    theme: {
      name: 'Tampilan',
      text: 'Warna terang atau gelap.',
      choices: { system: 'Ikut sistem', light: 'Terang', dark: 'Gelap' },
    },
    startAtLogin: {
      name: 'Jalankan bersama PC',
      text: 'Kurir berjalan diam-diam begitu Anda masuk ke PC, sehingga program Anda langsung bisa mengirim.',
      problems: {
        needs_approval:
          'macOS menunggu persetujuan Anda: buka Pengaturan Sistem, Umum, Item Masuk, lalu nyalakan Kurir.',
        refused:
          'macOS tidak menerimanya, seperti biasa untuk program yang tidak ditandatangani atau tidak ada di folder Aplikasi. Tambahkan Kurir sendiri: Pengaturan Sistem, Umum, Item Masuk.',
      },
    },
    keepAwake: {
      name: 'Jaga PC tetap menyala',
      text: 'PC tidak tidur selama ada ponsel terhubung; kalau tidur, tidak bisa mengirim.',
    },
    notifications: {
      name: 'Pemberitahuan',
      text: 'Memberi tahu kalau ponsel terputus atau perlu Anda tangani. Tidak pernah tentang pesan satu per satu.',
    },
    firstRun: {
      name: 'Langkah pertama',
      text: 'Tiga langkah dari awal, sekali lagi.',
      action: 'Tampilkan lagi',
    },
    countryCode: {
      name: 'Kode negara',
      text: 'Pengganti angka 0 di depan nomor telepon: 62 untuk Indonesia.',
    },
    pace: {
      name: 'Laju',
      text: 'Laju seperti manusia melindungi nomor Anda dari pemblokiran WhatsApp.',
      choices: {
        auto: 'Seperti manusia untuk ponsel asli',
        normal: 'Selalu seperti manusia',
        off: 'Tanpa batas laju',
      },
    },
    perHour: { name: 'Paling banyak per jam', text: 'Pesan yang dikirim satu ponsel dalam satu jam.' },
    perDay: { name: 'Paling banyak per hari', text: 'Pesan yang dikirim satu ponsel dalam satu hari.' },
    newContacts: {
      name: 'Kontak baru per hari',
      text: 'Kontak yang baru pertama kali dikirimi satu ponsel, per hari.',
    },
    warmUp: {
      name: 'Mulai pelan untuk tautan baru',
      text: 'Ponsel yang baru ditautkan menulis ke 20 kontak baru di hari pertama, dan 10 lagi setiap hari berikutnya.',
    },
    port: { name: 'Port', text: 'Angka di ujung alamat API. Program Anda harus memakai angka yang sama.' },
    maxDevices: {
      name: 'Jumlah ponsel paling banyak',
      text: 'Lebih dari ini tidak bisa ditambahkan.',
    },
    lan: {
      name: 'Buka ke jaringan',
      text: 'Komputer lain di jaringan Anda juga boleh memakai API. Di sana perlindungan peramban lebih lemah. Di Windows, izinkan Kurir saat firewall bertanya; kalau pernah ditolak, izinkan di “Keamanan Windows, Firewall & perlindungan jaringan, Izinkan aplikasi melalui firewall”.',
    },
    lanAddresses: {
      name: 'Alamat jaringan',
      text: 'Alamat PC ini yang dibuka; kosong berarti semua alamat pribadi.',
    },
    hostNames: {
      name: 'Nama lain PC ini',
      text: 'Nama yang dipakai program untuk memanggil API selain localhost dan alamat di atas, misalnya host.docker.internal atau kasir.toko.local.',
    },
    origins: {
      name: 'Halaman web yang diizinkan',
      text: 'Halaman web yang boleh memanggil API dari peramban, misalnya https://pos.example.com.',
    },
    requests: {
      name: 'Panggilan per menit',
      text: 'Lebih dari ini oleh satu kunci akan ditolak; 0 berarti tanpa batas. Kosong: tanpa batas di PC ini, 600 dari jaringan.',
    },
    connections: {
      name: 'Sambungan sekaligus',
      text: 'Berapa program yang boleh tersambung pada saat yang sama.',
    },
    queued: {
      name: 'Pesan menunggu',
      text: 'Berapa yang boleh menunggu satu ponsel sebelum yang baru ditolak.',
    },
    trustedHosts: {
      name: 'Server berkas tepercaya',
      text: 'Komputer Anda sendiri tempat berkas boleh diambil, misalnya localhost:8080 atau 192.168.1.0/24.',
    },
    maxImage: { name: 'Gambar terbesar', text: 'Dalam MiB. Gambar yang lebih besar ditolak.' },
    maxAudio: { name: 'Audio terbesar', text: 'Dalam MiB. Audio yang lebih besar ditolak.' },
    maxVideo: { name: 'Video terbesar', text: 'Dalam MiB. Video yang lebih besar ditolak.' },
    maxDocument: { name: 'Dokumen terbesar', text: 'Dalam MiB. Dokumen yang lebih besar ditolak.' },
    proxy: {
      name: 'Proxy',
      text: 'Jalan ke internet: system, none, atau alamat seperti http://10.0.0.1:3128 atau http://nama:sandi@10.0.0.1:3128. Kata sandi disimpan terkunci dan tidak ditampilkan lagi. Ponsel tersambung ulang kalau ini diubah.',
    },
    retention: {
      name: 'Simpan riwayat selama',
      text: 'Dalam hari. Pesan yang lebih lama dihapus dari riwayat.',
    },
    keepTexts: {
      name: 'Simpan teks',
      text: 'Apakah riwayat menyimpan isi tulisan.',
      choices: { yes: 'Utuh', masked: 'Disamarkan sebagian', no: 'Tidak sama sekali' },
    },
    dataFolder: {
      name: 'Folder data',
      text: 'Semua yang disimpan Kurir ada di sini.',
      action: 'Buka folder',
    },
    sealed: {
      keyring: 'Rahasianya dikunci dengan penyimpan kunci sistem ini.',
      basic_text:
        'Tidak ada penyimpan kunci yang menjawab saat rahasianya dikunci, jadi siapa pun yang bisa membaca folder ini bisa membacanya. Kalau komputer ini punya penyimpan kunci (keyring), buka lalu jalankan Kurir lagi.',
      file: 'Rahasianya dikunci dengan berkas kunci yang hanya bisa dibaca pengguna ini.',
    },
    backup: {
      name: 'Cadangan',
      text: 'Menulis riwayat, kunci, dan pengaturan ke satu berkas. Ponsel tidak ikut: nanti ditautkan lagi.',
      action: 'Buat cadangan',
    },
    restore: {
      name: 'Pulihkan',
      text: 'Mengambil riwayat dan pengaturan dari cadangan, menggantikan yang ada di sini. Kunci PC ini tetap; yang dibuka oleh cadangan ditanyakan dulu.',
      action: 'Pulihkan cadangan',
    },
    diagnostics: {
      name: 'Diagnostik',
      text: 'Berkas untuk orang yang membantu Anda: versi, status, dan galat, tanpa kunci, nomor, atau teks.',
      action: 'Simpan diagnostik',
    },
    logLevel: {
      name: 'Rincian diagnostik',
      text: 'Seberapa banyak Kurir mencatat pekerjaannya sendiri.',
      choices: { error: 'Galat', warn: 'Peringatan', info: 'Biasa', debug: 'Banyak', trace: 'Semuanya' },
    },
    updates: { name: 'Perbarui sendiri', text: 'Versi baru diambil dan dipasang saat Anda keluar.' },
  },
  ask: {
    lan: {
      title: 'Buka API ke jaringan?',
      text: 'Siapa pun di jaringan Anda yang punya kunci bisa mengirim atas nama Anda. Lakukan hanya di jaringan yang Anda percaya.',
      yes: 'Buka',
    },
    port: {
      title: 'Ganti port?',
      text: 'Program yang memakai alamat lama tidak bisa mengirim sampai alamatnya diganti juga di sana.',
      yes: 'Ganti',
    },
    paceOff: {
      title: 'Kirim tanpa batas laju?',
      text: 'WhatsApp memblokir nomor yang mengirim banyak pesan sekaligus. Nomor Anda bisa hilang.',
      yes: 'Kirim tanpa batas',
    },
    keepTexts: {
      title: 'Simpan lebih sedikit teks?',
      text: 'Teks pesan lama juga dihapus atau disamarkan. Ini tidak bisa dibatalkan.',
      yes: 'Simpan lebih sedikit',
    },
    retention: {
      title: 'Simpan riwayat lebih singkat?',
      text: 'Pesan yang lebih lama dari itu dihapus. Ini tidak bisa dibatalkan.',
      yes: 'Hapus yang lama',
    },
    origins: {
      title: 'Izinkan halaman web memanggil API?',
      text: 'Halaman ini bisa mengirim atas nama Anda dari peramban siapa pun yang punya kunci.',
      yes: 'Izinkan',
    },
    trustedHosts: {
      title: 'Ambil berkas dari jaringan Anda sendiri?',
      text: 'Setiap program yang punya kunci bisa meminta berkas dari komputer ini lalu mengirimkannya.',
      yes: 'Percayai',
    },
    restore: {
      title: 'Pulihkan cadangan ini?',
      text: 'Riwayat dan pengaturan yang ada sekarang diganti, lalu Kurir berjalan ulang. Buat cadangan dulu kalau mungkin masih perlu.',
      yes: 'Pulihkan',
    },
  },
  restoreQuestion: {
    title: 'Cadangan ini membuka akses bagi orang lain',
    text: 'Centang yang Anda kenal dan inginkan. Yang tidak dicentang tetap seperti di PC ini. Kalau berkas ini dari orang lain, jangan centang apa pun.',
    keys: (count: number) => `Bawa ${count} kunci yang tidak ada di PC ini`,
    keysHint: 'Siapa pun yang punya kunci itu bisa mengirim atas nama Anda.',
    key: (name: string, lastFour: string) => `“${name}”, berakhiran ${lastFour}:`,
    scopes: { all: 'semua ponsel', sandbox: 'ponsel latihan', chosen: 'ponsel pilihan' },
    more: (count: number) => `dan ${count} lagi`,
    access: 'Bawa pengaturan yang membuka Kurir bagi orang lain',
    accessHint:
      'Pengaturan ini menentukan siapa yang bisa mencapai Kurir, dan dari komputer mana Kurir mengambil berkas.',
    setting: (name: string, next: string, now: string) => `${name}: ${next} (sekarang: ${now})`,
    on: 'aktif',
    off: 'nonaktif',
    empty: 'kosong',
  },
  restored: (messages: string, keys: string) => `${messages} pesan dan ${keys} kunci sudah dipulihkan.`,
  update: {
    off: 'Salinan Kurir ini tidak punya sumber pembaruan. Sesekali periksalah versi baru.',
    none: 'Ini versi terbaru.',
    checking: 'Mencari versi baru…',
    available: (version: string) => `Versi ${version} sudah ada.`,
    downloading: (percent: number) => `Mengambil versi baru… ${percent} %`,
    ready: (version: string) => `Versi ${version} siap dipasang.`,
    failed: 'Pencarian versi baru tidak berhasil.',
    check: 'Cari sekarang',
    install: 'Pasang dan jalankan ulang',
  },
  about: {
    version: (version: string) => `Kurir ${version}`,
    licence:
      'Kurir adalah perangkat lunak bebas dengan GNU General Public License versi 3 atau yang lebih baru.',
    notAffiliated: 'Kurir bukan buatan WhatsApp atau Meta, dan tidak terkait dengan keduanya.',
    builtOn: 'Dibuat dengan',
    licences: 'Lisensi semua yang ada di dalamnya',
    source: 'Kode sumber',
    report: 'Laporkan masalah',
    search: 'Cari paket',
  },
}

export const firstRun: typeof englishFirstRun = {
  title: 'Selamat datang di Kurir',
  intro: 'Tiga langkah, dan program Anda bisa mengirim pesan WhatsApp.',
  steps: 'Langkah pertama',
  skip: 'Lewati',
  phone: {
    title: 'Tambahkan ponsel',
    text: 'Tautkan WhatsApp toko Anda, atau mulai dengan ponsel latihan: tidak ada yang sampai ke orang sungguhan.',
    real: 'Tautkan WhatsApp saya',
    practice: 'Mulai dengan latihan',
    done: (name: string) => `${name} sudah ditautkan.`,
  },
  message: {
    title: 'Kirim pesan pertama',
    text: 'Tulis ke diri sendiri dan lihat centangnya jadi biru.',
    action: 'Tulis pesan',
    done: 'Pesan pertama Anda sedang dikirim.',
  },
  program: {
    title: 'Sambungkan program Anda',
    text: 'Buat kunci dan salin panggilan siap pakai ke program kasir atau stok Anda.',
    action: 'Tunjukkan caranya',
    done: 'Kuncinya sudah ada.',
  },
  finish: 'Selesai',
}
