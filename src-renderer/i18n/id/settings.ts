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
  overridden: 'Ditentukan lewat baris perintah untuk sesi ini.',
  notHere: 'Hanya tersedia di aplikasi desktop.',
  listHint: 'Satu per baris.',
  between: (least: string, most: string) => `Dari ${least} sampai ${most}`,
  default: (value: string) => `Nilai bawaan: ${value}.`,
  fields: {
    language: {
      name: 'Bahasa',
      text: 'Bahasa jendela ini.',
      choices: { system: 'Ikuti sistem', id: 'Bahasa Indonesia', en: 'English' },
    },
    theme: {
      name: 'Tampilan',
      text: 'Warna terang atau gelap.',
      choices: { system: 'Ikuti sistem', light: 'Terang', dark: 'Gelap' },
    },
    startAtLogin: {
      name: 'Jalankan bersama PC',
      text: 'Kurir berjalan di latar belakang saat Anda masuk ke PC, sehingga program Anda bisa langsung mengirim.',
      problems: {
        needs_approval:
          'macOS memerlukan persetujuan Anda: buka Pengaturan Sistem, Umum, Item Masuk, lalu nyalakan Kurir.',
        refused:
          'macOS tidak menerimanya. macOS menolak program yang tidak ditandatangani atau tidak ada di folder Aplikasi. Tambahkan Kurir sendiri: Pengaturan Sistem, Umum, Item Masuk.',
      },
    },
    keepAwake: {
      name: 'Jaga PC tetap menyala',
      text: 'PC tidak akan tidur selama ada ponsel yang terhubung. PC yang tidur tidak bisa mengirim.',
    },
    notifications: {
      name: 'Pemberitahuan',
      text: 'Memberi tahu jika ponsel terputus atau perlu Anda tangani. Tidak pernah tentang pesan satu per satu.',
    },
    firstRun: {
      name: 'Langkah pertama',
      text: 'Menampilkan lagi tiga langkah dari awal.',
      action: 'Tampilkan lagi',
    },
    countryCode: {
      name: 'Kode negara',
      text: 'Pengganti angka 0 di depan nomor telepon: 62 untuk Indonesia.',
    },
    pace: {
      name: 'Kecepatan kirim',
      text: 'Kecepatan kirim seperti manusia melindungi nomor Anda dari pemblokiran WhatsApp.',
      choices: {
        auto: 'Seperti manusia untuk ponsel asli',
        normal: 'Selalu seperti manusia',
        off: 'Tanpa batas kecepatan',
      },
    },
    perHour: {
      name: 'Maksimum per jam',
      text: 'Jumlah pesan yang boleh dikirim satu ponsel dalam satu jam.',
    },
    perDay: {
      name: 'Maksimum per hari',
      text: 'Jumlah pesan yang boleh dikirim satu ponsel dalam satu hari.',
    },
    newContacts: {
      name: 'Kontak baru per hari',
      text: 'Jumlah kontak yang boleh dikirimi pesan untuk pertama kali oleh satu ponsel dalam satu hari.',
    },
    warmUp: {
      name: 'Mulai perlahan untuk tautan baru',
      text: 'Ponsel yang baru ditautkan boleh mengirim ke 20 kontak baru di hari pertama, dan 10 lagi setiap hari berikutnya.',
    },
    port: { name: 'Port', text: 'Angka di akhir alamat API. Program Anda harus memakai angka yang sama.' },
    maxDevices: {
      name: 'Jumlah ponsel maksimum',
      text: 'Anda tidak bisa menambahkan ponsel lebih dari ini.',
    },
    lan: {
      name: 'Buka ke jaringan',
      text: 'Komputer lain di jaringan Anda juga bisa memakai API. Di sana perlindungan browser lebih lemah. Di Windows, izinkan Kurir saat firewall bertanya. Jika pernah ditolak, izinkan di “Keamanan Windows, Firewall & perlindungan jaringan, Izinkan aplikasi melalui firewall”.',
    },
    lanAddresses: {
      name: 'Alamat jaringan',
      text: 'Alamat PC ini yang menerima panggilan. Jika kosong, semua alamat privat menerima.',
    },
    hostNames: {
      name: 'Nama lain PC ini',
      text: 'Nama yang dipakai program untuk memanggil API selain localhost dan alamat di atas, misalnya host.docker.internal atau kasir.toko.local.',
    },
    origins: {
      name: 'Halaman web yang diizinkan',
      text: 'Halaman web yang boleh memanggil API dari browser, misalnya https://pos.example.com.',
    },
    requests: {
      name: 'Panggilan per menit',
      text: 'Panggilan dengan satu kunci yang melebihi ini akan ditolak. 0 berarti tanpa batas. Jika kosong: tanpa batas di PC ini, 600 dari jaringan.',
    },
    connections: {
      name: 'Koneksi sekaligus',
      text: 'Jumlah program yang boleh terhubung pada saat yang sama.',
    },
    queued: {
      name: 'Pesan menunggu',
      text: 'Jumlah pesan yang boleh menunggu satu ponsel sebelum pesan baru ditolak.',
    },
    trustedHosts: {
      name: 'Server berkas tepercaya',
      text: 'Komputer Anda sendiri yang berkasnya boleh diunduh Kurir, misalnya localhost:8080 atau 192.168.1.0/24.',
    },
    maxImage: { name: 'Gambar terbesar', text: 'Dalam MiB. Gambar yang lebih besar ditolak.' },
    maxAudio: { name: 'Audio terbesar', text: 'Dalam MiB. Audio yang lebih besar ditolak.' },
    maxVideo: { name: 'Video terbesar', text: 'Dalam MiB. Video yang lebih besar ditolak.' },
    maxDocument: { name: 'Dokumen terbesar', text: 'Dalam MiB. Dokumen yang lebih besar ditolak.' },
    proxy: {
      name: 'Proxy',
      text: 'Cara Kurir terhubung ke internet: system, none, atau alamat seperti http://10.0.0.1:3128 atau http://nama:sandi@10.0.0.1:3128. Kata sandi disimpan terenkripsi dan tidak ditampilkan lagi. Ponsel terhubung ulang jika pengaturan ini diubah.',
    },
    retention: {
      name: 'Simpan riwayat selama',
      text: 'Dalam hari. Pesan yang lebih lama dihapus dari riwayat.',
    },
    keepTexts: {
      name: 'Simpan teks',
      text: 'Apakah riwayat menyimpan teks pesan.',
      choices: { yes: 'Utuh', masked: 'Disamarkan sebagian', no: 'Tidak sama sekali' },
    },
    dataFolder: {
      name: 'Folder data',
      text: 'Kurir menyimpan semua datanya di sini.',
      action: 'Buka folder',
    },
    sealed: {
      keyring: 'Rahasianya dienkripsi dengan penyimpan kunci sistem ini.',
      basic_text:
        'Tidak ada penyimpan kunci yang merespons saat rahasianya disimpan, jadi siapa pun yang bisa membaca folder ini bisa membacanya. Jika komputer ini punya penyimpan kunci (keyring), buka lalu jalankan ulang Kurir.',
      file: 'Rahasianya dienkripsi dengan berkas kunci yang hanya bisa dibaca pengguna ini.',
    },
    backup: {
      name: 'Cadangan',
      text: 'Menyimpan riwayat, kunci, dan pengaturan ke satu berkas. Ponsel tidak ikut: tautkan lagi setelah pemulihan.',
      action: 'Buat cadangan',
    },
    restore: {
      name: 'Pulihkan',
      text: 'Mengganti riwayat dan pengaturan dengan isi cadangan. Kunci PC ini tetap. Kurir bertanya dulu sebelum memberi akses ke orang lain.',
      action: 'Pulihkan cadangan',
    },
    diagnostics: {
      name: 'Diagnostik',
      text: 'Berkas untuk orang yang membantu Anda: versi, status, dan kesalahan, tanpa kunci, nomor, atau teks.',
      action: 'Simpan diagnostik',
    },
    logLevel: {
      name: 'Tingkat rincian diagnostik',
      text: 'Seberapa banyak Kurir mencatat pekerjaannya sendiri.',
      choices: {
        error: 'Kesalahan',
        warn: 'Peringatan',
        info: 'Biasa',
        debug: 'Terperinci',
        trace: 'Semuanya',
      },
    },
    updates: { name: 'Perbarui otomatis', text: 'Versi baru diunduh, lalu dipasang saat Anda keluar.' },
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
      title: 'Kirim tanpa batas kecepatan?',
      text: 'WhatsApp memblokir nomor yang mengirim banyak pesan sekaligus. Anda bisa kehilangan nomor Anda.',
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
      text: 'Halaman ini bisa mengirim atas nama Anda dari browser siapa pun yang punya kunci.',
      yes: 'Izinkan',
    },
    trustedHosts: {
      title: 'Unduh berkas dari jaringan Anda sendiri?',
      text: 'Setiap program yang punya kunci bisa meminta Kurir mengunduh berkas dari komputer ini dan mengirimnya.',
      yes: 'Percayai',
    },
    restore: {
      title: 'Pulihkan cadangan ini?',
      text: 'Riwayat dan pengaturan yang ada sekarang akan diganti, lalu Kurir dijalankan ulang. Buat cadangan dulu jika mungkin masih diperlukan.',
      yes: 'Pulihkan',
    },
  },
  restoreQuestion: {
    title: 'Cadangan ini akan memberi akses ke orang lain',
    text: 'Centang hanya yang Anda kenal dan inginkan. Yang lainnya tetap seperti di PC ini. Jika berkas ini dari orang lain, jangan centang apa pun.',
    keys: (count: number) => `Tambahkan ${count} kunci yang tidak ada di PC ini`,
    keysHint: 'Siapa pun yang punya kunci itu bisa mengirim atas nama Anda.',
    key: (name: string, lastFour: string) => `“${name}”, berakhiran ${lastFour}:`,
    scopes: { all: 'semua ponsel', sandbox: 'ponsel latihan', chosen: 'ponsel pilihan' },
    more: (count: number) => `dan ${count} lagi`,
    access: 'Terapkan pengaturan yang memberi orang lain akses ke Kurir',
    accessHint:
      'Pengaturan ini menentukan siapa yang bisa mengakses Kurir, dan dari komputer mana Kurir mengunduh berkas.',
    setting: (name: string, next: string, now: string) => `${name}: ${next} (sekarang: ${now})`,
    on: 'aktif',
    off: 'nonaktif',
    empty: 'kosong',
  },
  restored: (messages: string, keys: string) => `${messages} pesan dan ${keys} kunci sudah dipulihkan.`,
  update: {
    off: 'Salinan Kurir ini tidak bisa memeriksa pembaruan. Periksa versi baru dari waktu ke waktu.',
    none: 'Anda memakai versi terbaru.',
    checking: 'Memeriksa pembaruan…',
    available: (version: string) => `Versi ${version} tersedia.`,
    downloading: (percent: number) => `Mengunduh versi baru… ${percent} %`,
    ready: (version: string) => `Versi ${version} siap dipasang.`,
    failed: 'Tidak bisa memeriksa pembaruan. Periksa koneksi internet, lalu coba lagi.',
    check: 'Periksa sekarang',
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
    text: 'Tautkan WhatsApp toko Anda, atau mulai dengan ponsel latihan yang tidak mengirim ke orang sungguhan.',
    real: 'Tautkan WhatsApp saya',
    practice: 'Mulai dengan latihan',
    done: (name: string) => `${name} sudah ditautkan.`,
  },
  message: {
    title: 'Kirim pesan pertama',
    text: 'Kirim pesan ke diri sendiri dan lihat centangnya menjadi biru.',
    action: 'Tulis pesan',
    done: 'Pesan pertama Anda sedang dikirim.',
  },
  program: {
    title: 'Hubungkan program Anda',
    text: 'Buat kunci dan salin panggilan siap pakai ke program kasir atau stok Anda.',
    action: 'Tunjukkan caranya',
    done: 'Anda sudah punya kunci.',
  },
  finish: 'Selesai',
}
