import type { DeviceKind, DeviceState, EndReason } from '../../../src-preload/contract.ts'

/** What happened, in plain words, and what to do about it; null if Kurir handles it by itself. */
export interface Sentence {
  what: string
  todo: string | null
}

const reasons: Record<EndReason, Sentence> = {
  restart_required: {
    what: 'WhatsApp asked for a restart of the connection, as usual after pairing.',
    todo: null,
  },
  logged_out: {
    what: 'This phone was logged out, either on the phone itself or because it was not used for 14 days.',
    todo: 'Pair it again. Its name, keys and log are kept.',
  },
  replaced: {
    what: 'The same session was opened somewhere else.',
    todo: 'Close the other program, then connect again here.',
  },
  banned: {
    what: 'WhatsApp has blocked or locked this account.',
    todo: 'Open WhatsApp on the phone and follow the instructions there.',
  },
  banned_for_a_time: {
    what: 'WhatsApp has banned this account temporarily.',
    todo: 'Do not pair it again. Wait: Kurir tries again when the ban ends. The phone shows how long it lasts.',
  },
  banned_for_strangers: {
    what: 'WhatsApp has banned this account temporarily: it wrote to too many people who have not saved its number.',
    todo: 'Wait: Kurir tries again when the ban ends. After that, write to fewer new contacts a day.',
  },
  banned_for_blocks: {
    what: 'WhatsApp has banned this account temporarily: too many people have blocked it.',
    todo: 'Wait: Kurir tries again when the ban ends. After that, write only to people who expect it.',
  },
  banned_for_groups: {
    what: 'WhatsApp has banned this account temporarily: it created too many groups with people who have not saved its number.',
    todo: 'Wait: Kurir tries again when the ban ends.',
  },
  banned_for_same_text: {
    what: 'WhatsApp has banned this account temporarily: it sent the same text to too many people.',
    todo: 'Wait: Kurir tries again when the ban ends. After that, send fewer messages with the same text.',
  },
  banned_for_broadcasts: {
    what: 'WhatsApp has banned this account temporarily: it sent too many messages to broadcast lists.',
    todo: 'Wait: Kurir tries again when the ban ends.',
  },
  version_outdated: {
    what: 'WhatsApp no longer accepts this version of Kurir.',
    todo: 'Update Kurir. Until then, Kurir tries again by itself every 15 to 30 minutes.',
  },
  client_refused: {
    what: 'WhatsApp does not accept this program at the moment.',
    todo: 'Check for an update of Kurir. Kurir tries again by itself every 15 to 30 minutes.',
  },
  rate_limited: {
    what: 'WhatsApp has seen too many connections from this phone or this PC.',
    todo: 'Wait. Kurir tries again by itself in 15 to 30 minutes.',
  },
  silence: { what: 'WhatsApp stopped responding.', todo: null },
  mismatch: { what: 'The link between the phone and Kurir no longer works.', todo: 'Pair the phone again.' },
  line_closed: { what: 'WhatsApp closed the connection.', todo: null },
  bad_session: {
    what: 'WhatsApp did not accept the session.',
    todo: 'If this keeps happening, pair the phone again.',
  },
  bad_frame: { what: 'WhatsApp sent something that Kurir could not read.', todo: null },
  bad_stanza: { what: 'WhatsApp sent something that Kurir could not process.', todo: null },
  library_failed: { what: 'Kurir could not process something on this connection.', todo: null },
  protocol_changed: {
    what: 'WhatsApp keeps sending something that this version of Kurir cannot read.',
    todo: 'Update Kurir. If there is no update, save the diagnostics file in Settings and send it to the person who helps you. Kurir tries again by itself every 15 to 30 minutes.',
  },
  acknowledgement_owed: {
    what: 'WhatsApp was waiting for a reply from Kurir and restarted the connection.',
    todo: null,
  },
  stanza_refused: { what: 'WhatsApp could not read something that Kurir sent.', todo: null },
  unavailable: { what: 'WhatsApp is busy or under maintenance.', todo: null },
  unreachable: { what: 'WhatsApp cannot be reached.', todo: 'Check the internet connection of this PC.' },
  proxy_unreachable: {
    what: 'The proxy server is not responding.',
    todo: 'Check “Proxy” in Settings, under Network, or ask your network administrator. If you have no proxy, enter none there.',
  },
  proxy_login_required: {
    what: 'The proxy requires a user name and a password, or rejected the ones it got.',
    todo: 'Enter them in “Proxy” in Settings, under Network, for example http://name:password@10.0.0.1:3128.',
  },
  proxy_refused: {
    what: 'The proxy does not let Kurir connect to WhatsApp.',
    todo: 'Ask your network administrator to allow this PC to connect to *.whatsapp.com and *.whatsapp.net, port 443.',
  },
  certificate_unknown: {
    what: 'A program or device between this PC and WhatsApp intercepts the secure connection, and this PC does not trust it.',
    todo: 'Usually it is an antivirus program: exclude Kurir there, or turn off its HTTPS scanning. In a company, ask the network administrator.',
  },
  certificate_expired: {
    what: 'The certificate of the connection has expired or is not valid yet.',
    todo: 'Check the date and time of this PC.',
  },
  certificate_wrong_name: {
    what: 'Another server answered instead of WhatsApp.',
    todo: 'If this network has a login page, open a web page in the browser and log in. Otherwise, ask the network administrator.',
  },
  pairing_expired: { what: 'The code was not scanned in time.', todo: 'Start again with the phone at hand.' },
  pairing_refused: {
    what: 'The phone or WhatsApp rejected the link.',
    todo: 'Check that the phone is online and has fewer than four linked devices, then try again.',
  },
  code_refused: {
    what: 'WhatsApp did not give a code for this number.',
    todo: 'Check the number of this device, with its country code. If it is right, link with the QR code instead, or wait a few hours.',
  },
  code_rate_limited: {
    what: 'Too many codes were requested for this number.',
    todo: 'Link with the QR code instead, or request a code again in a few hours.',
  },
  passkey_required: {
    what: 'This account requires a passkey, which Kurir cannot provide.',
    todo: 'On the phone, open WhatsApp, Settings, Account, Passkeys, and remove the passkey. Then pair again. If WhatsApp still asks for it, use another account for now.',
  },
  wrong_phone: {
    what: 'The phone that scanned the code has a different number from this device.',
    todo: 'Scan with the right phone, or add a new device for this one.',
  },
  number_taken: {
    what: 'That phone is already linked here as another device.',
    todo: 'Use the other device, or remove it first.',
  },
  not_in_this_run: {
    what: 'Kurir was started without the server that this device belongs to.',
    todo: 'Start Kurir the same way as when the device was added.',
  },
  keys_unreadable: {
    what: 'The saved link of this device cannot be read on this PC.',
    todo: 'Pair the phone again. Its name, keys and log are kept.',
  },
  keys_not_saved: {
    what: 'The link of this phone could not be saved on this PC.',
    todo: 'Check that the disk has free space.',
  },
  by_operator: {
    what: 'It was logged out or stopped in Kurir.',
    todo: 'Pair it again when you want to use it.',
  },
}

const states: Record<DeviceState['name'], string> = {
  unpaired: 'Not paired',
  pairing: 'Pairing',
  connecting: 'Connecting',
  connected: 'Connected',
  waiting: 'Waiting to try again',
  stopped: 'Stopped',
}

const kinds: Record<DeviceKind, string> = {
  whatsapp: 'WhatsApp',
  sandbox: 'Practice',
  custom: 'Other server',
}

export const devices = {
  title: 'Devices',
  intro: 'The phones that send your messages.',
  filter: 'Find a phone by name or number',
  add: 'Add device',
  addWhatsApp: 'WhatsApp phone',
  addWhatsAppHint: 'A real phone, linked by scanning a code',
  addSandbox: 'Sandbox device',
  addSandboxHint: 'A practice phone: paired with one click, reaches no real person',
  addCustom: 'Device on another server',
  addCustomHint: 'Paired with the server that Kurir was started with',
  addOptions: 'What to add',
  sandboxName: (n: number) => (n === 1 ? 'Practice phone' : `Practice phone ${n}`),
  phoneName: (n: number) => `Phone ${n}`,
  adding: 'Pairing a practice phone…',
  added: (name: string) => `${name} is ready to practise with.`,
  emptyTitle: 'No phones yet',
  empty: 'Add your shop’s WhatsApp phone, or a practice phone to try everything without one.',
  states,
  kinds,
  reasons,
  since: (time: string) => `since ${time}`,
  attempt: (n: number) => `attempt ${n}`,
  nextTry: (time: string) => `next try ${time}`,
  neverPaired:
    'No phone has been linked here yet. This entry is removed automatically one day after it was added.',
  noNumber: 'No number yet',
  todaySent: (n: string) => `${n} sent today`,
  todayFailed: (n: string) => `${n} failed`,
  todayWaiting: (n: string) => `${n} waiting`,
  timeLock: (until: string | null) =>
    until === null
      ? 'WhatsApp does not let this phone write to new contacts for now. Contacts it knows still get their messages.'
      : `WhatsApp does not let this phone write to new contacts until ${until}. Contacts it knows still get their messages.`,
  newChats: (used: string, total: string, until: string | null) =>
    `New chats that WhatsApp allows: ${used} of ${total} used${until === null ? '' : `, resets on ${until}`}.`,
  newChatsUsedUp: (until: string | null) =>
    until === null
      ? 'WhatsApp allows no more new chats for now. Contacts this phone knows still get their messages.'
      : `WhatsApp allows no more new chats until ${until}. Contacts this phone knows still get their messages.`,
  relinkAdvice:
    'This phone was linked by an older version of Kurir. WhatsApp now refuses its first messages to people who have not written to you. Link it again to fix this.',
  relink: 'Link again',
  relinkTitle: (name: string) => `Link ${name} again?`,
  relinkText:
    'The phone is logged out here and you scan a new code with it. Keep the phone at hand. The name, keys and log are kept.',
  pair: 'Pair phone',
  pairAgain: 'Pair again',
  connect: 'Connect',
  showCode: 'Show code',
  more: (name: string) => `More for ${name}`,
  rename: 'Rename',
  history: 'History',
  openLog: 'Messages of this phone',
  logOut: 'Log out',
  remove: 'Remove',
  newName: 'New name',
  logOutTitle: (name: string) => `Log out ${name}?`,
  logOutText:
    'The link with the phone ends, and no messages are sent from it. The name, keys and log are kept, so you can pair it again.',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText:
    'The phone is logged out and removed from this list. Its messages stay in the log. Programs that send from its number are refused.',
  historyTitle: (name: string) => `History of ${name}`,
  historyEmpty: 'Nothing has happened yet.',
  lasted: (time: string) => `after ${time}`,
}

export const pairing = {
  nameTitle: 'Add a phone',
  name: 'Name',
  nameHint: 'What you call it, for example “Front desk”.',
  number: 'Phone number',
  numberHint:
    'Optional. With it, only that phone can be linked, and you can use a code instead of the camera.',
  start: 'Continue',
  title: (name: string) => `Pair ${name}`,
  step1: 'Open WhatsApp on the phone',
  step2: 'Tap ⋮ or Settings, then Linked devices',
  step3: 'Tap “Link a device” and point the camera here',
  codeStep3: 'Tap “Link with phone number instead” and type this code',
  steps: 'How to link the phone',
  qr: 'QR code to scan with WhatsApp on the phone',
  code: 'Code to type on the phone',
  remaining: (time: string) => `New code in ${time}`,
  codeRemaining: (time: string) => `Type it within ${time}`,
  waiting: 'Requesting a code from WhatsApp…',
  useCode: 'Use a code instead',
  useQr: 'Use the QR code instead',
  needNumber: 'To create a code, WhatsApp needs the number of the phone.',
  getCode: 'Get a code',
  practise: 'Let a practice phone scan it',
  linking: 'The phone has scanned it. Connecting…',
  success: (name: string) => `${name} is connected.`,
  failed: 'Pairing failed',
  again: 'Try again',
}
