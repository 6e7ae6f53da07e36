export const common = {
  navigation: {
    label: 'Pages',
    devices: 'Devices',
    send: 'Send',
    log: 'Log',
    api: 'API',
    sandbox: 'Sandbox',
    settings: 'Settings',
    skip: 'Skip to content',
  },
  close: 'Close',
  cancel: 'Cancel',
  back: 'Back',
  next: 'Next',
  done: 'Done',
  save: 'Save',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Could not copy',
  tryAgain: 'Try again',
  loading: 'Loading…',
  never: 'never',
  all: 'All',
  somethingWrong: 'Something went wrong',
  windowFailures: {
    fileChanged: {
      what: 'The file was changed, moved or deleted after you chose it.',
      todo: 'Choose the file again.',
    },
    answerLost: {
      what: 'Kurir stopped responding while it accepted the message.',
      todo: 'It may have been sent. Check the Log before you send it again.',
    },
  },
  number: 'Number',
  list: (parts: string[]) => new Intl.ListFormat('en').format(parts),
  now: 'just now',
  inTime: (time: string) => `in ${time}`,
  today: (time: string) => `today, ${time}`,
  yesterday: (time: string) => `yesterday, ${time}`,
  units: {
    seconds: (n: number) => `${n} s`,
    minutes: (n: number) => `${n} min`,
    hours: (n: number) => `${n} h`,
    days: (n: number) => (n === 1 ? '1 day' : `${n} days`),
  },
  link: {
    connecting: 'Connecting to Kurir…',
    offline:
      'Kurir is not responding, and this page may be out of date. The window reconnects by itself. If Kurir was restarted, open the new address that it printed.',
    refusedTitle: 'This window has no access to Kurir',
    refused:
      'The address is from an earlier start of Kurir, or was typed by hand. Open the address that Kurir printed when it started.',
  },
  status: {
    paused:
      'Sending is paused. Waiting messages are sent when you resume. New messages that may not wait are refused.',
    pause: 'Pause',
    resume: 'Resume',
    full: 'The disk is full or nearly full. Kurir sends the messages it has, but can’t accept new ones until you free up disk space.',
    read_only:
      'Kurir cannot write to the data folder, so it accepts no new messages. Check the disk and the permissions of the folder.',
    damaged:
      'The database is damaged, so Kurir accepts no new messages. Copy the data folder, then restart Kurir.',
    apiStopped: 'The API is not running, so your programs cannot send.',
    look: 'See why',
    waiting: (n: number) => (n === 1 ? '1 message waiting' : `${n} messages waiting`),
    apiRuns: 'API is running',
    apiOff: 'API is stopped',
  },
  notices: {
    restarted_after_error: 'Kurir restarted after an error. No accepted message was lost.',
    window_reloaded: 'The window was reloaded after an error.',
    finishing: 'Finishing the current messages before quitting…',
    database_set_aside:
      'The database was damaged. Kurir kept the damaged file and started with a new database. Pair the devices again, or restore a backup.',
    settings_set_aside:
      'The settings were damaged. All settings were reset to their defaults. Please review them.',
  },
  crash: {
    title: 'This page stopped working',
    text: 'Your messages are safe: only this window has failed. Reload it to continue.',
    reload: 'Reload',
  },
}
