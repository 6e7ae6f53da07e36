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
      attention: 'Something needs your attention',
    },
    paused: 'Sending is paused',
    finishing: 'Finishing the current messages …',
    device: {
      connected: 'connected',
      connecting: 'connecting …',
      waiting: 'not connected, trying again',
      pairing: 'waiting to be scanned',
      unpaired: 'not paired',
      stopped: 'stopped',
      timeLocked: 'connected, new contacts blocked',
    },
  },
  contextMenu: { cut: 'Cut', copy: 'Copy', paste: 'Paste', selectAll: 'Select all' },
  notifications: {
    someDevice: 'A device',
    dropped: {
      title: (device) => `${device} has lost its connection`,
      body: 'It has been disconnected for a minute. Kurir keeps trying. Check the internet connection.',
    },
    loggedOut: {
      title: (device) => `${device} was logged out`,
      body: 'It cannot send until you pair it again. Open Kurir to pair it.',
    },
    needsPairing: {
      title: (device) => `${device} needs to be paired`,
      body: 'Open Kurir and scan the QR code with the phone.',
    },
    stopped: {
      title: (device) => `${device} has stopped`,
      body: 'It no longer reconnects by itself. Open Kurir to see what to do.',
    },
    timeLocked: {
      title: (device) => `WhatsApp has restricted ${device}`,
      body: 'It cannot write to new contacts for now. Known contacts are not affected. Wait until the restriction ends.',
    },
    portUnavailable: {
      title: () => 'The API cannot start',
      body: 'Its port cannot be used. Open Kurir to see why and to choose another port.',
    },
    diskFull: {
      title: () => 'The disk is full',
      body: 'Kurir accepts no new messages until you free up disk space.',
    },
    databaseSetAside: {
      title: () => 'The database was damaged',
      body: 'Kurir kept the damaged file and started with a new database. Pair the devices again, or restore a backup.',
    },
    settingsSetAside: {
      title: () => 'The settings were damaged',
      body: 'All settings were reset to their defaults. Open Kurir to review them.',
    },
    closedToTray: {
      title: () => 'Kurir is still running',
      body: 'Your programs can still send. To quit Kurir, use its icon in the system tray.',
    },
    minimizedWithoutTray: {
      title: () => 'Kurir is still running',
      body: 'Your programs can still send. This desktop shows no tray icons, so the window was minimised. To quit Kurir, open it and press Ctrl+Q.',
    },
    finishing: {
      title: () => 'Kurir is about to quit',
      body: 'It finishes sending the current messages first.',
    },
  },
  dialogs: {
    cannotStart: 'Kurir cannot start',
    reasons: {
      data_folder_unwritable: (folder) =>
        `Kurir cannot write to its data folder, ${folder}. Make sure that this user may write there, then start Kurir again.`,
      data_folder_in_use: (folder) =>
        `Another Kurir, perhaps one without a window, is using the data folder ${folder}. Stop it, then start Kurir again.`,
      data_key_unavailable: (folder) =>
        `The key of the data in ${folder} cannot be read with this user’s keyring. Unlock the keyring, or use the same computer, user and Kurir as when this folder was created.`,
      key_store_unavailable: (folder) =>
        `The key store of this computer did not respond or refused access. It protects Kurir’s secrets in ${folder}. If it asks for your password or about Kurir, allow it. Log in with your password, then start Kurir again. Nothing is lost.`,
      database_newer: () =>
        'The data was written by a newer version of Kurir. Install that version or a newer one.',
      storage_full: (folder) =>
        `The disk with the data folder ${folder} is full. Free up space, then start Kurir again.`,
      storage_unavailable: (folder) =>
        `The data in ${folder} cannot be opened. Make sure that its disk is connected and not damaged, then start Kurir again.`,
    },
    notKept: {
      pause: {
        message: 'Sending could not be paused',
        detail:
          'Messages are still being sent. Kurir cannot write to its data folder. Make sure that the disk has free space and can be written to, then try again.',
      },
      resume: {
        message: 'Sending could not be resumed',
        detail:
          'Sending is still paused. Kurir cannot write to its data folder. Make sure that the disk has free space and can be written to, then try again.',
      },
    },
    amongOurs: {
      message: 'The file was not saved',
      detail:
        'The chosen folder holds Kurir’s own files, and one of them could have been replaced. Choose another folder.',
    },
    windowGone: {
      title: 'The window crashed again',
      detail:
        'Messages are still being sent. You can open the window again at any time from the system tray.',
      again: 'Open again',
      leave: 'Leave it closed',
    },
    crashedAgain: (file) =>
      `Kurir failed again shortly after it restarted. Start it again, or send this file to the person who helps you: ${file}`,
    export: 'Save',
  },
}
