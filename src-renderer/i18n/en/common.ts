export const common = {
  navigation: {
    label: 'Pages',
    devices: 'Devices',
    send: 'Send',
    log: 'Log',
    api: 'API',
    sandbox: 'Sandbox',
    settings: 'Settings',
    skip: 'Skip to the page',
  },
  close: 'Close',
  cancel: 'Cancel',
  back: 'Back',
  next: 'Next',
  done: 'Done',
  save: 'Save',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Not copied',
  tryAgain: 'Try again',
  loading: 'Loading…',
  never: 'never',
  all: 'All',
  somethingWrong: 'Something went wrong',
  windowFailures: {
    fileChanged: {
      what: 'The file was changed, moved or removed after it was chosen.',
      todo: 'Choose it again.',
    },
    answerLost: {
      what: 'Kurir stopped answering while it took the message.',
      todo: 'It may have been sent: look in the Log before you send it again.',
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
      'Kurir is not answering. What you see may be old. This window comes back by itself; if Kurir was started again, open the new address that it printed.',
    refusedTitle: 'This window has no key to Kurir',
    refused:
      'Its address is from an earlier run, or was typed by hand. Open the address that Kurir printed when it started.',
  },
  status: {
    paused:
      'Sending is paused. What waits goes out when you resume; new messages that may not wait are refused.',
    pause: 'Pause',
    resume: 'Resume',
    full: 'The disk is full or nearly full. Kurir sends what it has and accepts nothing new until you free some space.',
    read_only: 'The data folder cannot be written. Kurir takes nothing new until that is mended.',
    damaged:
      'The database is damaged. Kurir takes nothing new; copy the data folder, then start Kurir again.',
    apiStopped: 'The API does not run, so your programs cannot send.',
    look: 'See why',
    waiting: (n: number) => (n === 1 ? '1 message waits' : `${n} messages wait`),
    apiRuns: 'API is running',
    apiOff: 'API is stopped',
  },
  notices: {
    restarted_after_error: 'Kurir had to start again after an error. Nothing that was accepted is lost.',
    window_reloaded: 'The window had to be loaded again after an error.',
    finishing: 'Finishing what is on its way before quitting…',
    database_set_aside: 'The database was damaged and was set aside. Kurir began a new one.',
    settings_set_aside:
      'The settings were damaged and were set aside. All are as at first; look through them.',
  },
  crash: {
    title: 'This page stopped working',
    text: 'Your messages are safe: only the window is concerned. Load it again to go on.',
    reload: 'Load again',
  },
}
