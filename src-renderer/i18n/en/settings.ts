/** A label and a sentence for each setting: what it does, for somebody who does not know it. */
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
  contents: 'On this page',
  saved: 'Saved',
  overridden: 'Set on the command line for this run.',
  notHere: 'Available only in the desktop application.',
  listHint: 'One per line.',
  between: (least: string, most: string) => `From ${least} to ${most}`,
  default: (value: string) => `Default: ${value}.`,
  fields: {
    language: {
      name: 'Language',
      text: 'The language of this window.',
      choices: { system: 'Same as the system', id: 'Bahasa Indonesia', en: 'English' },
    },
    theme: {
      name: 'Appearance',
      text: 'Light or dark colours.',
      choices: { system: 'Same as the system', light: 'Light', dark: 'Dark' },
    },
    startAtLogin: {
      name: 'Start with the PC',
      text: 'Kurir starts in the background when you log in, so that your programs can send at once.',
      problems: {
        needs_approval:
          'macOS needs your approval: open System Settings, General, Login Items, and turn Kurir on.',
        refused:
          'macOS did not accept this. It refuses programs that are not signed or not in Applications. Add Kurir yourself: System Settings, General, Login Items.',
      },
    },
    keepAwake: {
      name: 'Keep the PC awake',
      text: 'The PC does not sleep while phones are connected. A sleeping PC cannot send.',
    },
    notifications: {
      name: 'Notifications',
      text: 'Tells you when a phone loses its connection or needs you. Never about single messages.',
    },
    firstRun: {
      name: 'First steps',
      text: 'Shows the three steps from the first start again.',
      action: 'Show again',
    },
    countryCode: {
      name: 'Country code',
      text: 'Replaces the leading 0 of a phone number: 62 is Indonesia.',
    },
    pace: {
      name: 'Pace',
      text: 'Sending at a human pace protects your number from being blocked by WhatsApp.',
      choices: {
        auto: 'Human pace for real phones',
        normal: 'Human pace always',
        off: 'No pace',
      },
    },
    perHour: { name: 'Maximum per hour', text: 'How many messages one phone may send in an hour.' },
    perDay: { name: 'Maximum per day', text: 'How many messages one phone may send in a day.' },
    newContacts: {
      name: 'New contacts per day',
      text: 'How many contacts one phone may write to for the first time in a day.',
    },
    warmUp: {
      name: 'Start slowly with a new link',
      text: 'A newly linked phone may write to 20 new contacts on its first day, and to 10 more with each day.',
    },
    maxDevices: {
      name: 'Maximum number of phones',
      text: 'You cannot add more phones than this.',
    },
    port: {
      name: 'Port',
      text: 'The number at the end of the API address. Your programs must use the same number.',
    },
    lan: {
      name: 'Open to the network',
      text: 'Other computers on your network can use the API too. Browsers protect you less there. On Windows, allow Kurir when the firewall asks. If it was refused before, allow it in “Windows Security, Firewall & network protection, Allow an app through firewall”.',
    },
    lanAddresses: {
      name: 'Network addresses',
      text: 'The addresses of this PC that accept calls. If empty, all private addresses do.',
    },
    hostNames: {
      name: 'Other names of this PC',
      text: 'Names that programs use to call the API, besides localhost and the addresses above, such as host.docker.internal or kasir.toko.local.',
    },
    origins: {
      name: 'Allowed web pages',
      text: 'Web pages that may call the API from a browser, such as https://pos.example.com.',
    },
    requests: {
      name: 'Calls per minute',
      text: 'More calls than this with one key are refused. 0 means no limit. If empty: no limit on this PC, 600 from the network.',
    },
    connections: {
      name: 'Connections at once',
      text: 'How many programs may be connected at the same time.',
    },
    queued: {
      name: 'Waiting messages',
      text: 'How many messages may wait for one phone before new ones are refused.',
    },
    trustedHosts: {
      name: 'Trusted file servers',
      text: 'Your own computers that Kurir may download files from, such as localhost:8080 or 192.168.1.0/24.',
    },
    maxImage: { name: 'Largest picture', text: 'In MiB. Larger pictures are refused.' },
    maxAudio: { name: 'Largest audio', text: 'In MiB. Larger audio is refused.' },
    maxVideo: { name: 'Largest video', text: 'In MiB. Larger videos are refused.' },
    maxDocument: { name: 'Largest document', text: 'In MiB. Larger documents are refused.' },
    proxy: {
      name: 'Proxy',
      text: 'How Kurir connects to the internet: system, none, or an address such as http://10.0.0.1:3128 or http://name:password@10.0.0.1:3128. A password is stored encrypted and not shown again. Phones reconnect when this setting changes.',
    },
    retention: { name: 'Keep the log for', text: 'In days. Older messages are removed from the log.' },
    keepTexts: {
      name: 'Keep texts',
      text: 'Whether the log keeps the text of messages.',
      choices: { yes: 'In full', masked: 'Partly hidden', no: 'Not at all' },
    },
    dataFolder: { name: 'Data folder', text: 'Kurir keeps all its data here.', action: 'Open folder' },
    sealed: {
      keyring: 'Its secrets are encrypted with the key store of this system.',
      basic_text:
        'No key store responded when its secrets were saved, so anyone who can read this folder can read them. If this computer has a keyring, unlock it and restart Kurir.',
      file: 'Its secrets are encrypted with a key file that only this user can read.',
    },
    backup: {
      name: 'Backup',
      text: 'Saves the log, keys and settings in one file. Phones are not included: pair them again after restoring.',
      action: 'Make a backup',
    },
    restore: {
      name: 'Restore',
      text: 'Replaces the log and settings with those from a backup. The keys of this PC stay. Kurir asks before it gives others access.',
      action: 'Restore a backup',
    },
    diagnostics: {
      name: 'Diagnostics',
      text: 'A file for the person who helps you: versions, states and errors, without keys, numbers or texts.',
      action: 'Save diagnostics',
    },
    logLevel: {
      name: 'Diagnostic detail',
      text: 'How much Kurir records about its own work.',
      choices: { error: 'Errors', warn: 'Warnings', info: 'Normal', debug: 'Detailed', trace: 'Everything' },
    },
    updates: {
      name: 'Update automatically',
      text: 'New versions are downloaded, and installed when you quit.',
    },
  },
  ask: {
    lan: {
      title: 'Open the API to your network?',
      text: 'Everyone on your network who has a key can then send in your name. Do this only on a network you trust.',
      yes: 'Open it',
    },
    port: {
      title: 'Change the port?',
      text: 'Programs that use the old address cannot send until you change it there too.',
      yes: 'Change it',
    },
    paceOff: {
      title: 'Send without a pace limit?',
      text: 'WhatsApp blocks numbers that send many messages at once. You may lose your number.',
      yes: 'Send without a limit',
    },
    keepTexts: {
      title: 'Keep less text?',
      text: 'The texts of old messages are also removed or hidden. This cannot be undone.',
      yes: 'Keep less',
    },
    retention: {
      title: 'Keep the log for less time?',
      text: 'Messages older than this are removed. This cannot be undone.',
      yes: 'Remove older messages',
    },
    origins: {
      title: 'Allow web pages to call the API?',
      text: 'These pages can then send in your name from the browser of anyone who has a key.',
      yes: 'Allow',
    },
    trustedHosts: {
      title: 'Download files from your own network?',
      text: 'Every program with a key can then have Kurir download files from these computers and send them.',
      yes: 'Trust them',
    },
    restore: {
      title: 'Restore this backup?',
      text: 'The current log and settings are replaced, and Kurir restarts. Make a backup first if you may need them.',
      yes: 'Restore',
    },
  },
  restoreQuestion: {
    title: 'This backup would give others access',
    text: 'Tick only the entries that you know and want. Everything else stays as it is on this PC. If somebody else gave you this file, tick nothing.',
    keys: (count: number) =>
      count === 1 ? 'Add 1 key that this PC does not have' : `Add ${count} keys that this PC does not have`,
    keysHint: 'Anyone with such a key can send in your name.',
    key: (name: string, lastFour: string) => `“${name}”, ends in ${lastFour}:`,
    scopes: { all: 'all phones', sandbox: 'practice phones', chosen: 'chosen phones' },
    more: (count: number) => `and ${count} more`,
    access: 'Apply the settings that give others access to Kurir',
    accessHint: 'They decide who can reach Kurir, and which computers Kurir downloads files from.',
    setting: (name: string, next: string, now: string) => `${name}: ${next} (now: ${now})`,
    on: 'on',
    off: 'off',
    empty: 'none',
  },
  restored: (messages: string, keys: string) => `${messages} messages and ${keys} keys were restored.`,
  update: {
    off: 'This copy of Kurir cannot check for updates. Look for a new version from time to time.',
    none: 'You have the newest version.',
    checking: 'Checking for updates…',
    available: (version: string) => `Version ${version} is available.`,
    downloading: (percent: number) => `Downloading the new version… ${percent} %`,
    ready: (version: string) => `Version ${version} is ready.`,
    failed: 'Could not check for updates. Check the internet connection, then try again.',
    check: 'Check now',
    install: 'Install and restart',
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
    text: 'Link your shop’s WhatsApp, or start with a practice phone that reaches no real person.',
    real: 'Link my WhatsApp',
    practice: 'Start with practice',
    done: (name: string) => `${name} is linked.`,
  },
  message: {
    title: 'Send a first message',
    text: 'Write to yourself and watch the ticks turn blue.',
    action: 'Write a message',
    done: 'Your first message is on its way.',
  },
  program: {
    title: 'Connect your program',
    text: 'Create a key and copy a ready-made call into your cashier or stock program.',
    action: 'Show me how',
    done: 'You have a key.',
  },
  finish: 'All done',
}
