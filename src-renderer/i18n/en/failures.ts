import type { FailureCode } from '../../../src-preload/contract.ts'
import type { Sentence } from './devices.ts'

const sentence = (what: string, todo: string | null = null): Sentence => ({ what, todo })

/** Every failure in plain words, with what to do about it. */
export const failures: Record<FailureCode, Sentence> = {
  parameter_missing: sentence('Something that is needed was left empty.', 'Fill in every needed field.'),
  parameter_invalid: sentence('A value is not of the right form.', 'Check what was filled in.'),
  message_too_long: sentence('The text is longer than WhatsApp allows.', '65,536 characters are the most.'),
  json_invalid: sentence(
    'The program’s request is not valid JSON.',
    'Have the program’s maker check the body.',
  ),
  content_type_unknown: sentence(
    'The program’s request is in a form that Kurir does not read.',
    'Use JSON or a form.',
  ),
  body_unreadable: sentence(
    'The program’s request could not be read.',
    'Have the program’s maker check the body.',
  ),
  body_too_large: sentence(
    'The request is too large.',
    'Send a smaller file, or raise the limit in Settings.',
  ),
  headers_too_large: sentence('The address of the request is too long.', 'Send it by POST.'),
  request_malformed: sentence(
    'The request is not proper HTTP.',
    'Encode the address: a space is written %20.',
  ),
  request_timeout: sentence(
    'The request did not arrive whole in time.',
    'Check the network, then try again.',
  ),
  path_unknown: sentence('The API has no such address.', 'Check the address in the API page.'),
  method_not_allowed: sentence('That address is not called this way.', 'Use GET or POST.'),
  host_not_allowed: sentence(
    'The API was called by a name that is not allowed.',
    'Use the address in the API page.',
  ),
  origin_not_allowed: sentence(
    'A web page that is not listed called the API.',
    'List its address in Settings if you trust it.',
  ),
  prefetch_refused: sentence('A browser asked ahead of its user, so nothing was sent.'),
  too_many_requests: sentence(
    'There were too many requests in a short time.',
    'Wait a minute, or raise the limit in Settings.',
  ),
  too_many_connections: sentence(
    'Too many programs are connected at once.',
    'Close some, or raise the limit in Settings.',
  ),
  queue_full: sentence('Too many messages or files are waiting already.', 'Wait until some have gone out.'),
  key_missing: sentence('No key was given.', 'Put a key from the API page into the program.'),
  key_unknown: sentence('The key is wrong or was revoked.', 'Create a new key in the API page.'),
  key_expired: sentence('The key has expired.', 'Create a new key in the API page.'),
  key_not_for_device: sentence('That key may not use this device.', 'Use a key for this device.'),
  key_lacks_right: sentence('That key may not do this.', 'Use a key with the right for it.'),
  key_name_taken: sentence('There is a key of that name already.', 'Choose another name.'),
  sender_unknown: sentence('No device here has that number.', 'Check the sender, or add the device.'),
  sender_not_paired: sentence('The device is not paired with a phone.', 'Pair it in Devices.'),
  device_disconnected: sentence(
    'The device is not connected, so nothing was sent.',
    'See in Devices what it needs.',
  ),
  device_connected: sentence('The device is connected already.'),
  device_not_found: sentence('That device is no longer here.', 'Choose another one.'),
  device_number_taken: sentence(
    'Another device has that number already.',
    'Use that device, or remove it first.',
  ),
  too_many_devices: sentence(
    'There are as many phones here as the limit allows.',
    'Remove one that is not used, or raise the limit in Settings.',
  ),
  too_many_pairings: sentence(
    'Three phones are being linked already.',
    'Finish or cancel one of them, then try again.',
  ),
  device_kind_unavailable: sentence('Such a device cannot be used in this run.'),
  pairing_failed: sentence('The phone could not be paired.', 'Try again with the phone online and unlocked.'),
  number_invalid: sentence('This is not a phone number.', 'Write it like 0812 3456 7890 or +62 812….'),
  number_too_short: sentence('The number is too short.', 'Check that no digit is missing.'),
  too_many_recipients: sentence(
    'That is more than 256 recipients.',
    'Nothing was sent. Send to the others with a second message.',
  ),
  number_too_long: sentence('The number is too long.', 'Check for a digit too many.'),
  not_on_whatsapp: sentence('This number is not on WhatsApp.', 'Check the number with your customer.'),
  lookup_failed: sentence('WhatsApp did not say whether the number exists.', 'Try again in a moment.'),
  not_confirmed: sentence('WhatsApp has not confirmed yet. Kurir keeps trying.'),
  not_sent: sentence('The message did not leave this PC.', 'Send it again.'),
  no_recipient_device: sentence('WhatsApp named no phone to deliver to.', 'Send it again later.'),
  encryption_failed: sentence('The message could not be encrypted for this person.', 'Send it again later.'),
  refused_by_whatsapp: sentence('WhatsApp refused the message.', 'Wait a while before you send it again.'),
  contact_locked: sentence(
    'WhatsApp does not let this phone write to this contact, although Kurir tried every address of theirs.',
    'Ask them to write to you first. If Devices says that the phone should be linked again, do that.',
  ),
  time_locked: sentence(
    'WhatsApp does not let this phone write to new contacts for now.',
    'Wait until the time is over.',
  ),
  new_chat_quota_used: sentence(
    'WhatsApp lets this phone begin no more new chats for now.',
    'Contacts it knows still get their messages. The phone’s card says when new ones can be written to again.',
  ),
  ceiling_reached: sentence(
    'This phone has sent as much as is safe for now.',
    'Wait, or change the pace in Settings.',
  ),
  sending_paused: sentence('Sending is paused.', 'Press “Resume” when you are ready.'),
  expired: sentence(
    'WhatsApp did not confirm it within 24 hours, or before its phone was removed, so Kurir gave up.',
    'It may have arrived all the same. Send it again if it still matters.',
  ),
  idempotency_key_reused: sentence(
    'The program used one reference for two different messages.',
    'Have its maker check.',
  ),
  message_not_found: sentence('That message is no longer in the log.'),
  text_not_kept: sentence('Its text was not kept, so it cannot be sent again.', 'Write it anew in Send.'),
  media_url_invalid: sentence('This is not a web address.', 'It begins with http:// or https://.'),
  media_address_refused: sentence(
    'The address leads into this PC or network, which is closed.',
    'List it as trusted in Settings if it is yours.',
  ),
  media_not_direct: sentence(
    'The address leads to a page, not to the file.',
    'Use a direct link, one that downloads at once.',
  ),
  media_unreachable: sentence('The file could not be fetched.', 'Open the address in a browser to check it.'),
  media_timeout: sentence('The file took too long to arrive.', 'Try again, or use a smaller file.'),
  media_too_large: sentence('The file is too large.', 'Make it smaller, or raise the limit in Settings.'),
  media_empty: sentence('The file is empty.', 'Choose another file.'),
  media_mismatch: sentence(
    'The file is of another kind than was said.',
    'Choose the right kind, or send it as a document.',
  ),
  media_unreadable: sentence(
    'The file is damaged or of an unknown format.',
    'Save it anew, or send it as a document.',
  ),
  view_once_unsupported: sentence(
    'A file of that kind, or for a newsletter, cannot be opened only once.',
    'Send it without that, or as a picture, a video or a voice note.',
  ),
  proxy_unreachable: sentence('The proxy does not answer.', 'Check “Proxy” in Settings, under Network.'),
  proxy_login_required: sentence(
    'The proxy wants a user name and a password, or does not accept the ones it was given.',
    'Write them into “Proxy” in Settings, under Network.',
  ),
  proxy_refused: sentence(
    'The proxy does not open a connection to that place.',
    'Ask who looks after your network to let this PC through to it.',
  ),
  media_upload_failed: sentence('WhatsApp did not take the file.', 'Send it again.'),
  storage_full: sentence(
    'The disk is full or nearly full, so nothing new is accepted.',
    'Make space on the disk: Kurir needs 1 GiB free.',
  ),
  storage_unavailable: sentence('The database cannot be written.', 'Check the disk and the data folder.'),
  data_folder_unwritable: sentence('The data folder cannot be written.', 'Check its permissions.'),
  data_folder_in_use: sentence('Another Kurir uses that data folder.', 'Close the other one first.'),
  key_store_unavailable: sentence(
    'This computer’s key store refused or did not answer.',
    'Unlock it, allow Kurir to use it, then start Kurir again.',
  ),
  data_key_unavailable: sentence(
    'The key to this data folder is missing.',
    'Start Kurir the way it was started before.',
  ),
  database_newer: sentence('The database is from a newer Kurir.', 'Update Kurir.'),
  database_damaged: sentence(
    'The database is damaged, so nothing new is accepted.',
    'Copy the data folder, start Kurir again, then restore a backup in Settings.',
  ),
  backup_invalid: sentence(
    'This file is not a backup of Kurir.',
    'Choose a file that “Make a backup” has written.',
  ),
  port_taken: sentence('Another program uses this port.', 'Close that program, or choose another port.'),
  port_not_allowed: sentence(
    'The system does not let Kurir open that port.',
    'Choose another port above 1023.',
  ),
  option_invalid: sentence('An option that Kurir was started with is wrong.'),
  setting_unknown: sentence('There is no such setting.'),
  setting_invalid: sentence('This value is not possible here.', 'Check what was filled in.'),
  call_invalid: sentence('This window and Kurir are of different versions.', 'Load the window again.'),
  shutting_down: sentence('Kurir is not answering right now.', 'Try again when it is back.'),
  internal_error: sentence(
    'Something went wrong inside Kurir.',
    'Try again. If it stays, save the diagnostics in Settings and report it.',
  ),
}
