import type { FailureCode } from '../../../src-preload/contract.ts'
import type { Sentence } from './devices.ts'

const sentence = (what: string, todo: string | null = null): Sentence => ({ what, todo })

/** Every failure in plain words, with what to do about it. */
export const failures: Record<FailureCode, Sentence> = {
  parameter_missing: sentence('A required field is empty.', 'Fill in all required fields.'),
  parameter_invalid: sentence('A value has the wrong format.', 'Check what you entered.'),
  message_too_long: sentence(
    'The text is longer than WhatsApp allows.',
    'Shorten it to at most 65,536 characters.',
  ),
  json_invalid: sentence(
    'The program’s request is not valid JSON.',
    'Ask the maker of the program to check the request body.',
  ),
  content_type_unknown: sentence(
    'The program’s request has a format that Kurir does not support.',
    'Use JSON or a form.',
  ),
  body_unreadable: sentence(
    'The program’s request could not be read.',
    'Ask the maker of the program to check the request body.',
  ),
  body_too_large: sentence(
    'The request is too large.',
    'Send a smaller file, or raise the limit in Settings.',
  ),
  headers_too_large: sentence('The address of the request is too long.', 'Send it with POST.'),
  request_malformed: sentence('The request is not valid HTTP.', 'Encode the address: write a space as %20.'),
  request_timeout: sentence(
    'The request did not arrive completely in time.',
    'Check the network, then try again.',
  ),
  path_unknown: sentence('The API has no such address.', 'Check the address on the API page.'),
  method_not_allowed: sentence('This address does not support this HTTP method.', 'Use GET or POST.'),
  host_not_allowed: sentence(
    'The API was called by a name that is not allowed.',
    'Use the address on the API page.',
  ),
  origin_not_allowed: sentence(
    'A web page that is not allowed called the API.',
    'Add its address in Settings if you trust it.',
  ),
  prefetch_refused: sentence(
    'A browser loaded the address before anybody opened it, so nothing was sent.',
    'Open the address yourself if you want to send.',
  ),
  too_many_requests: sentence(
    'Too many requests came in a short time.',
    'Wait a minute, or raise the limit in Settings.',
  ),
  too_many_connections: sentence(
    'Too many programs are connected at once.',
    'Close some, or raise the limit in Settings.',
  ),
  queue_full: sentence(
    'Too many messages or files are waiting already.',
    'Wait until some of them are sent.',
  ),
  key_missing: sentence('No key was given.', 'Enter a key from the API page in the program.'),
  key_unknown: sentence('The key is wrong or was revoked.', 'Create a new key on the API page.'),
  key_expired: sentence('The key has expired.', 'Create a new key on the API page.'),
  key_not_for_device: sentence('This key may not use this device.', 'Use a key for this device.'),
  key_lacks_right: sentence('This key does not have the right to do this.', 'Use a key with this right.'),
  key_name_taken: sentence('A key with that name already exists.', 'Choose another name.'),
  sender_unknown: sentence('No device here has that number.', 'Check the sender, or add the device.'),
  sender_not_paired: sentence('The device is not paired with a phone.', 'Pair it in Devices.'),
  device_disconnected: sentence(
    'The device is not connected, so nothing was sent.',
    'Open Devices to see what to do.',
  ),
  device_connected: sentence('The device is already connected.', 'You do not need to do anything.'),
  device_not_found: sentence('This device was removed.', 'Choose another one.'),
  device_number_taken: sentence(
    'Another device already has that number.',
    'Use that device, or remove it first.',
  ),
  too_many_devices: sentence(
    'The maximum number of phones is reached.',
    'Remove a phone that you do not use, or raise the limit in Settings.',
  ),
  too_many_pairings: sentence(
    'Three phones are being linked already.',
    'Finish or cancel one of them, then try again.',
  ),
  device_kind_unavailable: sentence(
    'Kurir was started without support for this kind of device.',
    'Start Kurir the same way as when the device was added.',
  ),
  pairing_failed: sentence('The phone could not be paired.', 'Try again with the phone online and unlocked.'),
  number_invalid: sentence('This is not a phone number.', 'Write it like 0812 3456 7890 or +62 812….'),
  number_too_short: sentence('The number is too short.', 'Check that no digit is missing.'),
  too_many_recipients: sentence(
    'A message can have at most 256 recipients.',
    'Nothing was sent. Split the recipients into several messages.',
  ),
  number_too_long: sentence('The number is too long.', 'Check for an extra digit.'),
  not_on_whatsapp: sentence('This number is not on WhatsApp.', 'Check the number with your customer.'),
  lookup_failed: sentence('WhatsApp did not say whether the number exists.', 'Try again in a moment.'),
  not_confirmed: sentence(
    'WhatsApp has not confirmed the message yet.',
    'Wait: Kurir keeps trying. Do not send it again yourself.',
  ),
  not_sent: sentence('The message did not leave this PC.', 'Send it again.'),
  no_recipient_device: sentence(
    'WhatsApp gave no phone of this recipient to deliver to.',
    'Send it again later.',
  ),
  encryption_failed: sentence('The message could not be encrypted for this person.', 'Send it again later.'),
  refused_by_whatsapp: sentence('WhatsApp refused the message.', 'Wait a while before you send it again.'),
  contact_locked: sentence(
    'WhatsApp does not let this phone write to this contact. Kurir tried all addresses of the contact.',
    'Ask them to write to you first. If Devices advises you to link the phone again, do that.',
  ),
  time_locked: sentence(
    'WhatsApp does not let this phone write to new contacts for now.',
    'Wait until the restriction ends.',
  ),
  new_chat_quota_used: sentence(
    'WhatsApp does not let this phone start new chats for now.',
    'Wait. The phone’s card in Devices shows when new chats are possible again. Contacts it knows still get their messages.',
  ),
  ceiling_reached: sentence(
    'This phone has reached its sending limit for now.',
    'Wait, or change the pace in Settings.',
  ),
  sending_paused: sentence('Sending is paused.', 'Press “Resume” when you are ready.'),
  expired: sentence(
    'WhatsApp did not confirm the message within 24 hours, or before its phone was removed, so Kurir gave up.',
    'It may still have arrived. Send it again if it still matters.',
  ),
  idempotency_key_reused: sentence(
    'The program used one Idempotency-Key for two different messages.',
    'Ask the maker of the program to check this.',
  ),
  message_not_found: sentence('This message is no longer in the log.', 'Write it again in Send.'),
  text_not_kept: sentence('Its text was not kept, so it cannot be sent again.', 'Write it again in Send.'),
  media_url_invalid: sentence(
    'This is not a web address.',
    'Use an address that begins with http:// or https://.',
  ),
  media_address_refused: sentence(
    'The address points to this PC or its network, which Kurir does not open.',
    'If the server is yours, add it to “Trusted file servers” in Settings.',
  ),
  media_not_direct: sentence(
    'The address leads to a page, not to the file.',
    'Use a direct link that starts the download at once.',
  ),
  media_unreachable: sentence(
    'The file could not be downloaded.',
    'Open the address in a browser to check it.',
  ),
  media_timeout: sentence('The file took too long to download.', 'Try again, or use a smaller file.'),
  media_too_large: sentence('The file is too large.', 'Make it smaller, or raise the limit in Settings.'),
  media_empty: sentence('The file is empty.', 'Choose another file.'),
  media_mismatch: sentence(
    'The file is not of the chosen kind.',
    'Choose the right kind, or send it as a document.',
  ),
  media_unreadable: sentence(
    'The file is damaged or has an unknown format.',
    'Save it again, or send it as a document.',
  ),
  view_once_unsupported: sentence(
    'A file of this kind, or for a newsletter, cannot be sent for opening only once.',
    'Turn this option off, or send a picture, a video or a voice note.',
  ),
  proxy_unreachable: sentence(
    'The proxy server is not responding.',
    'Check “Proxy” in Settings, under Network.',
  ),
  proxy_login_required: sentence(
    'The proxy requires a user name and a password, or rejected the ones it got.',
    'Enter them in “Proxy” in Settings, under Network.',
  ),
  proxy_refused: sentence(
    'The proxy does not allow a connection to that address.',
    'Ask your network administrator to allow it.',
  ),
  media_upload_failed: sentence('WhatsApp did not accept the file.', 'Send it again.'),
  storage_full: sentence(
    'The disk is full or nearly full, so Kurir accepts no new messages.',
    'Free up disk space: Kurir needs 1 GiB.',
  ),
  storage_unavailable: sentence('Kurir cannot write to the database.', 'Check the disk and the data folder.'),
  data_folder_unwritable: sentence(
    'Kurir cannot write to the data folder.',
    'Check the permissions of the folder.',
  ),
  data_folder_in_use: sentence('Another Kurir is using this data folder.', 'Close the other one first.'),
  key_store_unavailable: sentence(
    'This computer’s key store refused access or did not respond.',
    'Unlock it, allow Kurir to use it, then restart Kurir.',
  ),
  data_key_unavailable: sentence(
    'The key of this data folder is missing.',
    'Start Kurir the same way as before.',
  ),
  database_newer: sentence('The database was written by a newer version of Kurir.', 'Update Kurir.'),
  database_damaged: sentence(
    'The database is damaged, so Kurir accepts no new messages.',
    'Copy the data folder, restart Kurir, then restore a backup in Settings.',
  ),
  backup_invalid: sentence(
    'This file is not a Kurir backup.',
    'Choose a file that was created with “Make a backup”.',
  ),
  port_taken: sentence('Another program uses this port.', 'Close that program, or choose another port.'),
  port_not_allowed: sentence(
    'The system does not allow Kurir to use that port.',
    'Choose another port above 1023.',
  ),
  option_invalid: sentence(
    'Kurir was started with a wrong option.',
    'Correct the option, then start Kurir again.',
  ),
  setting_unknown: sentence('This setting does not exist.', 'Check its name.'),
  setting_invalid: sentence('This value is not allowed here.', 'Check what you entered.'),
  call_invalid: sentence('This window and Kurir have different versions.', 'Reload the window.'),
  shutting_down: sentence('Kurir is not responding right now.', 'Try again when Kurir is running again.'),
  internal_error: sentence(
    'Something went wrong inside Kurir.',
    'Try again. If it happens again, save the diagnostics in Settings and report the problem.',
  ),
}
