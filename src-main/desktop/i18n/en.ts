import type { Texts } from './texts.ts'

export const english: Texts = {
  tray: {
    open: 'Open Kurir',
    copyAddress: 'Copy API address',
    pause: 'Pause sending',
    resume: 'Resume sending',
    settings: 'Settings',
    quit: 'Quit',
    noDevices: 'No devices yet',
    overall: {
      all: 'All devices are connected',
      some: (connected, of) => `${connected} of ${of} devices are connected`,
      none: 'No device is connected',
      noDevices: 'No devices yet',
      apiStopped: 'The API is not running',
      attention: 'Something needs you',
    },
    paused: 'Sending is paused',
    finishing: 'Finishing what is on its way …',
    device: {
      connected: 'connected',
      connecting: 'connecting …',
      waiting: 'not connected, trying again',
      pairing: 'waiting to be scanned',
      unpaired: 'not paired',
      stopped: 'stopped',
      timeLocked: 'connected, new contacts barred',
    },
  },
  contextMenu: { cut: 'Cut', copy: 'Copy', paste: 'Paste', selectAll: 'Select all' },
  notifications: {
    someDevice: 'A device',
    dropped: {
      title: (device) => `${device} has lost its connection`,
      body: 'It has not come back for a minute. Kurir keeps trying; check the internet connection.',
    },
    loggedOut: {
      title: (device) => `${device} was logged out`,
      body: 'Nothing can be sent with it until it is paired again.',
    },
    needsPairing: {
      title: (device) => `${device} needs to be paired`,
      body: 'Open Kurir and scan the QR code with the phone.',
    },
    stopped: {
      title: (device) => `${device} has stopped`,
      body: 'It does not connect by itself any more. Open Kurir to see why.',
    },
    timeLocked: {
      title: (device) => `WhatsApp has restricted ${device}`,
      body: 'For a time it cannot write to new contacts. Known contacts are not affected.',
    },
    portUnavailable: {
      title: () => 'The API cannot start',
      body: 'Its port is not to be had. Open Kurir to see why, and to choose another.',
    },
    diskFull: {
      title: () => 'The disk is full',
      body: 'Kurir accepts no messages until there is space again.',
    },
    databaseSetAside: {
      title: () => 'The database was damaged',
      body: 'It was set aside, and Kurir began a new one. Pair the devices again, or restore a backup.',
    },
    settingsSetAside: {
      title: () => 'The settings were damaged',
      body: 'They were set aside, and all are as at first. Open Kurir to look through them.',
    },
    closedToTray: {
      title: () => 'Kurir goes on running',
      body: 'Programs can still send. Its icon is in the tray; quit it from there.',
    },
    minimizedWithoutTray: {
      title: () => 'Kurir goes on running',
      body: 'Programs can still send. This desktop shows no tray icons, so the window was minimised. To quit Kurir, open it and press Ctrl+Q.',
    },
    finishing: {
      title: () => 'Kurir is about to quit',
      body: 'It finishes the messages that are on their way first.',
    },
  },
  dialogs: {
    cannotStart: 'Kurir cannot start',
    reasons: {
      data_folder_unwritable: (folder) =>
        `Kurir cannot write its data folder, ${folder}. See that this user may write there, then start Kurir again.`,
      data_folder_in_use: (folder) =>
        `Another Kurir, perhaps one without a window, uses the data folder ${folder}. Stop that one, then start Kurir again.`,
      data_key_unavailable: (folder) =>
        `The key of the data in ${folder} cannot be opened with this user’s keyring. Unlock the keyring, or use the computer, the user and the Kurir that this folder was set up with.`,
      key_store_unavailable: (folder) =>
        `This computer’s key store, which locks Kurir’s secrets in ${folder}, did not answer or refused. If it asks for your password or about Kurir, allow it. Log in with your password, then start Kurir again. Nothing is lost.`,
      database_newer: () =>
        'The data was written by a newer version of Kurir. Install that version or a later one.',
      storage_full: (folder) =>
        `The disk with the data folder ${folder} is full. Free some space, then start Kurir again.`,
      storage_unavailable: (folder) =>
        `The data in ${folder} cannot be opened. See that its disk is connected and whole, then start Kurir again.`,
    },
    notKept: {
      pause: {
        message: 'Sending could not be paused',
        detail:
          'Messages are still being sent: Kurir cannot write in its data folder. See that its disk has space and can be written, then try again.',
      },
      resume: {
        message: 'Sending could not be resumed',
        detail:
          'It is still paused: Kurir cannot write in its data folder. See that its disk has space and can be written, then try again.',
      },
    },
    amongOurs: {
      message: 'The file was not saved',
      detail:
        'It would have been among Kurir’s own files, and might have replaced one. Choose another folder.',
    },
    windowGone: {
      title: 'The window has stopped working twice',
      detail: 'Messages are still being sent. The window can be opened again at any time from the tray.',
      again: 'Open again',
      leave: 'Leave it closed',
    },
    crashedAgain: (file) =>
      `Kurir has failed again shortly after it restarted itself. What failed is written in ${file}`,
    export: 'Save',
  },
}
