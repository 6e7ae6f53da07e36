/** One label and one sentence a setting: what it does, for somebody who never heard of it. */
export const settings = {
  title: 'Settings',
  sections: {
    general: 'General',
    sending: 'Sending',
    api: 'API',
    media: 'Files',
    network: 'Network',
    log: 'Log and privacy',
    data: 'Your data',
    updates: 'Updates',
    about: 'About Kurir',
  },
  contents: 'Parts of this page',
  saved: 'Saved',
  overridden: 'Set by the command line for this run.',
  notHere: 'Only in the desktop application.',
  listHint: 'One on each line.',
  between: (least: string, most: string) => `From ${least} to ${most}`,
  default: (value: string) => `Usually ${value}.`,
  fields: {
    language: {
      name: 'Language',
      text: 'The language of this window.',
      choices: { system: 'As the system', id: 'Bahasa Indonesia', en: 'English' },
    },
    theme: {
      name: 'Appearance',
      text: 'Light or dark colours.',
      choices: { system: 'As the system', light: 'Light', dark: 'Dark' },
    },
    startAtLogin: {
      name: 'Start with the PC',
      text: 'Kurir starts quietly in the tray when you log in, so that your programs can send at once.',
      problems: {
        needs_approval:
          'macOS waits for your approval: open System Settings, General, Login Items, and switch Kurir on.',
        refused:
          'macOS has not accepted it, as it does with programs that are not signed or not in Applications. Add Kurir by hand: System Settings, General, Login Items.',
      },
    },
    keepAwake: {
      name: 'Keep the PC awake',
      text: 'The PC does not go to sleep while phones are connected; asleep, it cannot send.',
    },
    notifications: {
      name: 'Notifications',
      text: 'Tells you when a phone drops or needs you. Never about single messages.',
    },
    firstRun: {
      name: 'First steps',
      text: 'The three steps from the first start, once more.',
      action: 'Show again',
    },
    countryCode: {
      name: 'Country code',
      text: 'What a leading 0 in a phone number stands for: 62 is Indonesia.',
    },
    pace: {
      name: 'Pace',
      text: 'A human pace protects your number from being blocked by WhatsApp.',
      choices: {
        auto: 'Human pace for real phones',
        normal: 'Human pace always',
        off: 'No pace',
      },
    },
    perHour: { name: 'At most an hour', text: 'Messages that one phone sends in an hour.' },
    perDay: { name: 'At most a day', text: 'Messages that one phone sends in a day.' },
    newContacts: {
      name: 'New contacts a day',
      text: 'Contacts that a phone writes to for the first time, in a day.',
    },
    warmUp: {
      name: 'Begin gently with a new link',
      text: 'A phone that was just linked writes to 20 new contacts on its first day, and to 10 more with each day.',
    },
    maxDevices: {
      name: 'Phones at most',
      text: 'More phones than this cannot be added.',
    },
    port: {
      name: 'Port',
      text: 'The number at the end of the API’s address. Your programs must use the same.',
    },
    lan: {
      name: 'Open to the network',
      text: 'Other computers on your network may use the API too. Browsers protect you less there. On Windows, allow Kurir when the firewall asks; if it was refused once, allow it in “Windows Security, Firewall & network protection, Allow an app through firewall”.',
    },
    lanAddresses: {
      name: 'Network addresses',
      text: 'Which addresses of this PC are opened; empty opens every private one.',
    },
    hostNames: {
      name: 'Other names of this PC',
      text: 'Names that programs call the API by besides localhost and the addresses above, such as host.docker.internal or kasir.toko.local.',
    },
    origins: {
      name: 'Allowed web pages',
      text: 'Web pages that may call the API from a browser, such as https://pos.example.com.',
    },
    requests: {
      name: 'Calls a minute',
      text: 'More calls than this by one key are turned away; 0 means no limit. Empty: no limit on this PC, 600 from the network.',
    },
    connections: {
      name: 'Connections at once',
      text: 'How many programs may be connected at the same time.',
    },
    queued: {
      name: 'Waiting messages',
      text: 'How many may wait for one phone before new ones are turned away.',
    },
    trustedHosts: {
      name: 'Trusted file servers',
      text: 'Computers of your own that files may be fetched from, such as localhost:8080 or 192.168.1.0/24.',
    },
    maxImage: { name: 'Largest picture', text: 'In MiB. Larger pictures are turned away.' },
    maxAudio: { name: 'Largest audio', text: 'In MiB. Larger audio is turned away.' },
    maxVideo: { name: 'Largest video', text: 'In MiB. Larger videos are turned away.' },
    maxDocument: { name: 'Largest document', text: 'In MiB. Larger documents are turned away.' },
    proxy: {
      name: 'Proxy',
      text: 'The way to the internet: system, none, or an address such as http://10.0.0.1:3128 or http://name:password@10.0.0.1:3128. A password is kept locked and not shown again. Phones reconnect when it changes.',
    },
    retention: { name: 'Keep the log for', text: 'In days. Older messages are removed from the log.' },
    keepTexts: {
      name: 'Keep texts',
      text: 'Whether the log keeps what was written.',
      choices: { yes: 'Whole', masked: 'Partly hidden', no: 'Not at all' },
    },
    dataFolder: { name: 'Data folder', text: 'Everything Kurir keeps is here.', action: 'Open folder' },
    sealed: {
      keyring: 'Its secrets are locked with this system’s own key store.',
      basic_text:
        'No key store answered when its secrets were locked, so anyone who can read this folder can read them. If this computer has a keyring, unlock it and start Kurir again.',
      file: 'Its secrets are locked with a key file that only this user can read.',
    },
    backup: {
      name: 'Backup',
      text: 'Writes log, keys and settings into one file. Phones are not in it: they are paired again.',
      action: 'Make a backup',
    },
    restore: {
      name: 'Restore',
      text: 'Takes log and settings from a backup, in place of those that are here. Keys of this PC stay; what a backup would open is asked first.',
      action: 'Restore a backup',
    },
    diagnostics: {
      name: 'Diagnostics',
      text: 'A file for whoever helps you: versions, states and errors, without keys, numbers or texts.',
      action: 'Save diagnostics',
    },
    logLevel: {
      name: 'Detail of diagnostics',
      text: 'How much Kurir writes down about its own work.',
      choices: { error: 'Errors', warn: 'Warnings', info: 'Usual', debug: 'Much', trace: 'Everything' },
    },
    updates: { name: 'Update by itself', text: 'New versions are fetched and put in place when you quit.' },
  },
  ask: {
    lan: {
      title: 'Open the API to your network?',
      text: 'Everyone on your network who has a key can then send in your name. Do this only on a network you trust.',
      yes: 'Open it',
    },
    port: {
      title: 'Change the port?',
      text: 'Programs that use the old address cannot send until you change it in them too.',
      yes: 'Change it',
    },
    paceOff: {
      title: 'Send without a pace?',
      text: 'WhatsApp blocks numbers that send many messages at once. Your number may be lost.',
      yes: 'Send without a pace',
    },
    keepTexts: {
      title: 'Keep less of the texts?',
      text: 'Texts of old messages are removed or hidden as well. This cannot be undone.',
      yes: 'Keep less',
    },
    retention: {
      title: 'Keep the log for less time?',
      text: 'Messages older than that are removed. This cannot be undone.',
      yes: 'Remove older ones',
    },
    origins: {
      title: 'Let web pages call the API?',
      text: 'These pages can then send in your name from the browser of anyone who has a key.',
      yes: 'Let them',
    },
    trustedHosts: {
      title: 'Fetch files from your own network?',
      text: 'Every program with a key can then have files fetched from these computers and sent out.',
      yes: 'Trust them',
    },
    restore: {
      title: 'Restore this backup?',
      text: 'Log and settings that are here now are replaced, and Kurir starts again. Make a backup first if you may need them.',
      yes: 'Restore',
    },
  },
  restoreQuestion: {
    title: 'This backup would let others in',
    text: 'Tick what you know and want. What is not ticked stays as it is on this PC. If somebody else gave you this file, tick nothing.',
    keys: (count: number) =>
      count === 1
        ? 'Bring 1 key that this PC does not have'
        : `Bring ${count} keys that this PC does not have`,
    keysHint: 'Whoever has such a key can send in your name.',
    key: (name: string, lastFour: string) => `“${name}”, ends in ${lastFour}:`,
    scopes: { all: 'all phones', sandbox: 'practice phones', chosen: 'chosen phones' },
    more: (count: number) => `and ${count} more`,
    access: 'Bring the settings that open Kurir to others',
    accessHint: 'They decide who reaches Kurir, and which computers Kurir fetches from.',
    setting: (name: string, next: string, now: string) => `${name}: ${next} (now: ${now})`,
    on: 'on',
    off: 'off',
    empty: 'none',
  },
  restored: (messages: string, keys: string) => `${messages} messages and ${keys} keys were restored.`,
  update: {
    off: 'This copy of Kurir has no update source. Look for a new version now and then.',
    none: 'This is the newest version.',
    checking: 'Looking for a new version…',
    available: (version: string) => `Version ${version} is there.`,
    downloading: (percent: number) => `Fetching the new version… ${percent} %`,
    ready: (version: string) => `Version ${version} is ready.`,
    failed: 'Looking for a new version did not work.',
    check: 'Look now',
    install: 'Install and start again',
  },
  about: {
    version: (version: string) => `Kurir ${version}`,
    licence: 'Kurir is free software under the GNU General Public License, version 3 or later.',
    notAffiliated: 'Kurir is not made by, or connected with, WhatsApp or Meta.',
    builtOn: 'Built on',
    licences: 'Licences of everything inside',
    source: 'Source code',
    report: 'Report a problem',
    search: 'Find a package',
  },
}

export const firstRun = {
  title: 'Welcome to Kurir',
  intro: 'Three steps, and your programs can send WhatsApp messages.',
  steps: 'First steps',
  skip: 'Skip',
  phone: {
    title: 'Add a phone',
    text: 'Link your shop’s WhatsApp, or begin with a practice phone that reaches nobody real.',
    real: 'Link my WhatsApp',
    practice: 'Begin with practice',
    done: (name: string) => `${name} is linked.`,
  },
  message: {
    title: 'Send a first message',
    text: 'Write to yourself and watch the ticks turn blue.',
    action: 'Write one',
    done: 'Your first message is on its way.',
  },
  program: {
    title: 'Connect your program',
    text: 'Create a key and copy a ready-made call into your cashier or stock program.',
    action: 'Show me how',
    done: 'A key is there.',
  },
  finish: 'All done',
}
