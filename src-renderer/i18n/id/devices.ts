import type { DeviceKind, DeviceState, EndReason } from '../../../src-preload/contract.ts'
import type { devices as englishDevices, pairing as englishPairing, Sentence } from '../en/devices.ts'

const reasons: Record<EndReason, Sentence> = {
  restart_required: {
    what: 'WhatsApp meminta koneksi dimulai ulang, seperti biasa setelah penautan.',
    todo: null,
  },
  logged_out: {
    what: 'Ponsel ini sudah dikeluarkan, baik dari ponselnya sendiri maupun karena tidak dipakai selama 14 hari.',
    todo: 'Tautkan lagi. Nama, kunci, dan riwayatnya tetap ada.',
  },
  replaced: {
    what: 'Sesi yang sama dibuka di tempat lain.',
    todo: 'Tutup program yang lain, lalu hubungkan lagi di sini.',
  },
  banned: {
    what: 'WhatsApp memblokir atau mengunci akun ini.',
    todo: 'Buka WhatsApp di ponsel dan ikuti petunjuk di sana.',
  },
  banned_for_a_time: {
    what: 'WhatsApp memblokir akun ini untuk sementara.',
    todo: 'Jangan ditautkan ulang. Tunggu: Kurir mencoba lagi setelah blokir berakhir. Lamanya terlihat di ponsel.',
  },
  banned_for_strangers: {
    what: 'WhatsApp memblokir akun ini untuk sementara: akun ini mengirim pesan ke terlalu banyak orang yang tidak menyimpan nomornya.',
    todo: 'Tunggu: Kurir mencoba lagi setelah blokir berakhir. Setelah itu, kurangi jumlah kontak baru per hari.',
  },
  banned_for_blocks: {
    what: 'WhatsApp memblokir akun ini untuk sementara: terlalu banyak orang memblokirnya.',
    todo: 'Tunggu: Kurir mencoba lagi setelah blokir berakhir. Setelah itu, kirim hanya ke orang yang memang menunggu pesannya.',
  },
  banned_for_groups: {
    what: 'WhatsApp memblokir akun ini untuk sementara: akun ini membuat terlalu banyak grup dengan orang yang tidak menyimpan nomornya.',
    todo: 'Tunggu: Kurir mencoba lagi setelah blokir berakhir.',
  },
  banned_for_same_text: {
    what: 'WhatsApp memblokir akun ini untuk sementara: teks yang sama dikirim ke terlalu banyak orang.',
    todo: 'Tunggu: Kurir mencoba lagi setelah blokir berakhir. Setelah itu, kurangi pesan dengan teks yang sama.',
  },
  banned_for_broadcasts: {
    what: 'WhatsApp memblokir akun ini untuk sementara: akun ini mengirim terlalu banyak pesan ke daftar siaran.',
    todo: 'Tunggu: Kurir mencoba lagi setelah blokir berakhir.',
  },
  version_outdated: {
    what: 'WhatsApp tidak lagi menerima versi Kurir ini.',
    todo: 'Perbarui Kurir. Sebelum itu, Kurir mencoba lagi secara otomatis setiap 15 sampai 30 menit.',
  },
  client_refused: {
    what: 'Untuk saat ini WhatsApp tidak menerima program ini.',
    todo: 'Periksa apakah ada pembaruan Kurir. Kurir mencoba lagi secara otomatis setiap 15 sampai 30 menit.',
  },
  rate_limited: {
    what: 'WhatsApp mendeteksi terlalu banyak koneksi dari ponsel atau PC ini.',
    todo: 'Tunggu. Kurir mencoba lagi secara otomatis dalam 15 sampai 30 menit.',
  },
  silence: { what: 'WhatsApp berhenti merespons.', todo: null },
  mismatch: { what: 'Tautan antara ponsel dan Kurir tidak berfungsi lagi.', todo: 'Tautkan ponselnya lagi.' },
  line_closed: { what: 'WhatsApp menutup koneksi.', todo: null },
  bad_session: {
    what: 'WhatsApp tidak menerima sesi ini.',
    todo: 'Jika ini terus terjadi, tautkan ponselnya lagi.',
  },
  bad_frame: { what: 'WhatsApp mengirim sesuatu yang tidak bisa dibaca Kurir.', todo: null },
  bad_stanza: { what: 'WhatsApp mengirim sesuatu yang tidak bisa diproses Kurir.', todo: null },
  library_failed: { what: 'Ada sesuatu di koneksi ini yang tidak bisa diproses Kurir.', todo: null },
  protocol_changed: {
    what: 'WhatsApp terus mengirim sesuatu yang tidak bisa dibaca versi Kurir ini.',
    todo: 'Perbarui Kurir. Jika belum ada pembaruan, simpan berkas diagnostik di Pengaturan dan kirim ke orang yang membantu Anda. Kurir mencoba lagi secara otomatis setiap 15 sampai 30 menit.',
  },
  acknowledgement_owed: {
    what: 'WhatsApp menunggu balasan dari Kurir dan memulai ulang koneksi.',
    todo: null,
  },
  stanza_refused: { what: 'WhatsApp tidak bisa membaca sesuatu yang dikirim Kurir.', todo: null },
  unavailable: { what: 'WhatsApp sedang sibuk atau dalam perbaikan.', todo: null },
  unreachable: { what: 'WhatsApp tidak bisa dihubungi.', todo: 'Periksa koneksi internet PC ini.' },
  proxy_unreachable: {
    what: 'Server proxy tidak merespons.',
    todo: 'Periksa “Proxy” di Pengaturan, bagian Jaringan, atau tanyakan ke pengelola jaringan Anda. Jika tidak memakai proxy, isi none di sana.',
  },
  proxy_login_required: {
    what: 'Proxy meminta nama pengguna dan kata sandi, atau menolak yang diberikan.',
    todo: 'Isi di “Proxy” di Pengaturan, bagian Jaringan, misalnya http://nama:sandi@10.0.0.1:3128.',
  },
  proxy_refused: {
    what: 'Proxy tidak mengizinkan Kurir terhubung ke WhatsApp.',
    todo: 'Minta pengelola jaringan mengizinkan PC ini terhubung ke *.whatsapp.com dan *.whatsapp.net, port 443.',
  },
  certificate_unknown: {
    what: 'Ada program atau alat di antara PC ini dan WhatsApp yang mencegat koneksi aman, dan PC ini tidak memercayainya.',
    todo: 'Biasanya ini program antivirus: kecualikan Kurir di sana, atau matikan pemindaian HTTPS-nya. Di kantor, tanyakan ke pengelola jaringan.',
  },
  certificate_expired: {
    what: 'Sertifikat koneksi ini sudah kedaluwarsa atau belum berlaku.',
    todo: 'Periksa tanggal dan jam PC ini.',
  },
  certificate_wrong_name: {
    what: 'Yang merespons adalah server lain, bukan WhatsApp.',
    todo: 'Jika jaringan ini punya halaman login, buka halaman web apa pun di browser lalu login. Jika tidak, tanyakan ke pengelola jaringan.',
  },
  pairing_expired: {
    what: 'Kode tidak dipindai tepat waktu.',
    todo: 'Mulai lagi dengan ponsel di tangan.',
  },
  pairing_refused: {
    what: 'Ponsel atau WhatsApp menolak tautan ini.',
    todo: 'Pastikan ponsel online dan perangkat tertautnya kurang dari empat, lalu coba lagi.',
  },
  code_refused: {
    what: 'WhatsApp tidak memberi kode untuk nomor ini.',
    todo: 'Periksa nomor perangkat ini, dengan kode negaranya. Jika sudah benar, tautkan dengan kode QR, atau tunggu beberapa jam.',
  },
  code_rate_limited: {
    what: 'Kode untuk nomor ini sudah terlalu sering diminta.',
    todo: 'Tautkan dengan kode QR, atau minta kode lagi beberapa jam kemudian.',
  },
  passkey_required: {
    what: 'Akun ini meminta kunci sandi (passkey), dan Kurir tidak bisa memberikannya.',
    todo: 'Di ponsel, buka WhatsApp, Pengaturan, Akun, Kunci sandi, lalu hapus kunci sandi itu. Setelah itu, tautkan lagi. Jika WhatsApp tetap memintanya, pakai akun lain untuk sementara.',
  },
  wrong_phone: {
    what: 'Nomor ponsel yang memindai kode berbeda dari nomor perangkat ini.',
    todo: 'Pindai dengan ponsel yang benar, atau tambahkan perangkat baru untuk ponsel ini.',
  },
  number_taken: {
    what: 'Ponsel itu sudah ditautkan di sini sebagai perangkat lain.',
    todo: 'Pakai perangkat itu, atau hapus dulu.',
  },
  not_in_this_run: {
    what: 'Kurir dijalankan tanpa server yang dipakai perangkat ini.',
    todo: 'Jalankan Kurir dengan cara yang sama seperti saat perangkat ini ditambahkan.',
  },
  keys_unreadable: {
    what: 'Tautan perangkat ini yang tersimpan tidak bisa dibaca di PC ini.',
    todo: 'Tautkan ponselnya lagi. Nama, kunci, dan riwayatnya tetap ada.',
  },
  keys_not_saved: {
    what: 'Tautan ponsel ini tidak bisa disimpan di PC ini.',
    todo: 'Periksa apakah masih ada ruang kosong di disk.',
  },
  by_operator: {
    what: 'Perangkat ini dikeluarkan atau dihentikan di Kurir.',
    todo: 'Tautkan lagi jika ingin memakainya.',
  },
}

const states: Record<DeviceState['name'], string> = {
  unpaired: 'Belum ditautkan',
  pairing: 'Sedang ditautkan',
  connecting: 'Menghubungkan',
  connected: 'Terhubung',
  waiting: 'Terputus, mencoba lagi',
  stopped: 'Berhenti',
}

const kinds: Record<DeviceKind, string> = {
  whatsapp: 'WhatsApp',
  sandbox: 'Latihan',
  custom: 'Server lain',
}

export const devices: typeof englishDevices = {
  title: 'Perangkat',
  intro: 'Ponsel yang mengirim pesan Anda.',
  filter: 'Cari ponsel dengan nama atau nomor',
  add: 'Tambah perangkat',
  addWhatsApp: 'Ponsel WhatsApp',
  addWhatsAppHint: 'Ponsel asli, ditautkan dengan memindai kode',
  addSandbox: 'Ponsel latihan',
  addSandboxHint: 'Ponsel latihan: siap dengan sekali klik, tidak mengirim ke orang sungguhan',
  addCustom: 'Perangkat di server lain',
  addCustomHint: 'Ditautkan ke server yang dipakai saat Kurir dijalankan',
  addOptions: 'Yang ditambahkan',
  sandboxName: (n: number) => (n === 1 ? 'Ponsel latihan' : `Ponsel latihan ${n}`),
  phoneName: (n: number) => `Ponsel ${n}`,
  adding: 'Menautkan ponsel latihan…',
  added: (name: string) => `${name} siap dipakai berlatih.`,
  emptyTitle: 'Belum ada ponsel',
  empty: 'Tambahkan ponsel WhatsApp toko Anda, atau ponsel latihan untuk mencoba semuanya tanpa ponsel.',
  states,
  kinds,
  reasons,
  since: (time: string) => `sejak ${time}`,
  attempt: (n: number) => `percobaan ke-${n}`,
  nextTry: (time: string) => `dicoba ${time}`,
  neverPaired:
    'Belum ada ponsel yang ditautkan di sini. Entri ini dihapus otomatis satu hari setelah ditambahkan.',
  noNumber: 'Belum ada nomor',
  todaySent: (n: string) => `${n} terkirim hari ini`,
  todayFailed: (n: string) => `${n} gagal`,
  todayWaiting: (n: string) => `${n} menunggu`,
  timeLock: (until: string | null) =>
    until === null
      ? 'Untuk sementara WhatsApp melarang ponsel ini mengirim pesan ke kontak baru. Kontak yang sudah dikenal tetap menerima pesan.'
      : `WhatsApp melarang ponsel ini mengirim pesan ke kontak baru sampai ${until}. Kontak yang sudah dikenal tetap menerima pesan.`,
  newChats: (used: string, total: string, until: string | null) =>
    `Obrolan baru yang diizinkan WhatsApp: ${used} dari ${total} terpakai${until === null ? '' : `, diatur ulang pada ${until}`}.`,
  newChatsUsedUp: (until: string | null) =>
    until === null
      ? 'Untuk sementara WhatsApp tidak mengizinkan obrolan baru. Kontak yang sudah dikenal tetap menerima pesan.'
      : `WhatsApp tidak mengizinkan obrolan baru sampai ${until}. Kontak yang sudah dikenal tetap menerima pesan.`,
  relinkAdvice:
    'Ponsel ini ditautkan oleh Kurir versi lama. Sekarang WhatsApp menolak pesan pertama ponsel ini ke orang yang belum pernah mengirim pesan kepada Anda. Tautkan ulang untuk memperbaikinya.',
  relink: 'Tautkan ulang',
  relinkTitle: (name: string) => `Tautkan ulang ${name}?`,
  relinkText:
    'Ponsel dikeluarkan di sini, lalu Anda memindai kode baru dengannya. Siapkan ponselnya. Nama, kunci, dan riwayat tetap ada.',
  pair: 'Tautkan ponsel',
  pairAgain: 'Tautkan lagi',
  connect: 'Hubungkan',
  showCode: 'Tampilkan kode',
  more: (name: string) => `Lainnya untuk ${name}`,
  rename: 'Ganti nama',
  history: 'Riwayat koneksi',
  openLog: 'Pesan dari ponsel ini',
  logOut: 'Keluarkan',
  remove: 'Hapus',
  newName: 'Nama baru',
  logOutTitle: (name: string) => `Keluarkan ${name}?`,
  logOutText:
    'Tautan dengan ponsel diakhiri dan tidak ada pesan lagi yang dikirim dari ponsel ini. Nama, kunci, dan riwayatnya tetap ada, jadi Anda bisa menautkannya lagi.',
  removeTitle: (name: string) => `Hapus ${name}?`,
  removeText:
    'Ponsel dikeluarkan dan dihapus dari daftar ini. Pesannya tetap ada di riwayat. Program yang mengirim dari nomornya akan ditolak.',
  historyTitle: (name: string) => `Riwayat koneksi ${name}`,
  historyEmpty: 'Belum ada catatan.',
  lasted: (time: string) => `setelah ${time}`,
}

export const pairing: typeof englishPairing = {
  nameTitle: 'Tambah ponsel',
  name: 'Nama',
  nameHint: 'Sebutan Anda untuk ponsel ini, misalnya “Kasir depan”.',
  number: 'Nomor ponsel',
  numberHint:
    'Boleh kosong. Jika diisi, hanya ponsel itu yang bisa ditautkan, dan Anda bisa memakai kode tanpa kamera.',
  start: 'Lanjut',
  title: (name: string) => `Tautkan ${name}`,
  step1: 'Buka WhatsApp di ponsel',
  step2: 'Ketuk ⋮ atau Pengaturan, lalu Perangkat tertaut',
  step3: 'Ketuk “Tautkan perangkat” dan arahkan kamera ke sini',
  codeStep3: 'Ketuk “Tautkan dengan nomor telepon saja” dan ketik kode ini',
  steps: 'Cara menautkan ponsel',
  qr: 'Kode QR untuk dipindai dengan WhatsApp di ponsel',
  code: 'Kode untuk diketik di ponsel',
  remaining: (time: string) => `Kode baru muncul dalam ${time}`,
  codeRemaining: (time: string) => `Ketik dalam waktu ${time}`,
  waiting: 'Meminta kode dari WhatsApp…',
  useCode: 'Pakai kode saja',
  useQr: 'Pakai kode QR saja',
  needNumber: 'Untuk membuat kode, WhatsApp memerlukan nomor ponsel.',
  getCode: 'Minta kode',
  practise: 'Biarkan ponsel latihan memindai',
  linking: 'Ponsel sudah memindai. Menghubungkan…',
  success: (name: string) => `${name} sudah terhubung.`,
  failed: 'Penautan gagal',
  again: 'Coba lagi',
}
