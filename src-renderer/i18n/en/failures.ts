import type { FailureCode } from '../../../src-preload/contract.ts'
import type { Sentence } from './devices.ts'

const says = (what: string, todo: string | null = null): Sentence => ({ what, todo })

/** Every failure in plain words, with what to do about it. */
export const failures: Record<FailureCode, Sentence> = {
  parameter_missing: says('Something that is needed was left empty.', 'Fill in every needed field.'),
  parameter_invalid: says('A value is not of the right form.', 'Check what was filled in.'),
  message_too_long: says('The text is longer than WhatsApp allows.', '65,536 characters are the most.'),
  json_invalid: says('The program’s request is not valid JSON.', 'Have the program’s maker check the body.'),
  content_type_unknown: says(
    'The program’s request is in a form that Kurir does not read.',
    'Use JSON or a form.',
  ),
  body_unreadable: says(
    'The program’s request could not be read.',
    'Have the program’s maker check the body.',
  ),
  body_too_large: says('The request is too large.', 'Send a smaller file, or raise the limit in Settings.'),
  headers_too_large: says('The address of the request is too long.', 'Send it by POST.'),
  request_malformed: says('The request is not proper HTTP.', 'Encode the address: a space is written %20.'),
  request_timeout: says('The request did not arrive whole in time.', 'Check the network, then try again.'),
  path_unknown: says('The API has no such address.', 'Check the address in the API page.'),
  method_not_allowed: says('That address is not called this way.', 'Use GET or POST.'),
  host_not_allowed: says(
    'The API was called by a name that is not allowed.',
    'Use the address in the API page.',
  ),
  origin_not_allowed: says(
    'A web page that is not listed called the API.',
    'List its address in Settings if you trust it.',
  ),
  prefetch_refused: says('A browser asked ahead of its user, so nothing was sent.'),
  too_many_requests: says(
    'There were too many requests in a short time.',
    'Wait a minute, or raise the limit in Settings.',
  ),
  too_many_connections: says(
    'Too many programs are connected at once.',
    'Close some, or raise the limit in Settings.',
  ),
  queue_full: says('Too many messages or files are waiting already.', 'Wait until some have gone out.'),
  key_missing: says('No key was given.', 'Put a key from the API page into the program.'),
  key_unknown: says('The key is wrong or was revoked.', 'Create a new key in the API page.'),
  key_expired: says('The key has expired.', 'Create a new key in the API page.'),
  key_not_for_device: says('That key may not use this device.', 'Use a key for this device.'),
  key_lacks_right: says('That key may not do this.', 'Use a key with the right for it.'),
  key_name_taken: says('There is a key of that name already.', 'Choose another name.'),
  sender_unknown: says('No device here has that number.', 'Check the sender, or add the device.'),
  sender_not_paired: says('The device is not paired with a phone.', 'Pair it in Devices.'),
  device_disconnected: says(
    'The device is not connected, so nothing was sent.',
    'See in Devices what it needs.',
  ),
  device_connected: says('The device is connected already.'),
  device_not_found: says('That device is no longer here.', 'Choose another one.'),
  device_number_taken: says(
    'Another device has that number already.',
    'Use that device, or remove it first.',
  ),
  too_many_devices: says(
    'There are as many phones here as the limit allows.',
    'Remove one that is not used, or raise the limit in Settings.',
  ),
  too_many_pairings: says(
    'Three phones are being linked already.',
    'Finish or cancel one of them, then try again.',
  ),
  device_kind_unavailable: says('Such a device cannot be used in this run.'),
  pairing_failed: says('The phone could not be paired.', 'Try again with the phone online and unlocked.'),
  number_invalid: says('This is not a phone number.', 'Write it like 0812 3456 7890 or +62 812….'),
  number_too_short: says('The number is too short.', 'Check that no digit is missing.'),
  too_many_recipients: says(
    'That is more than 256 recipients.',
    'Nothing was sent. Send to the others with a second message.',
  ),
  number_too_long: says('The number is too long.', 'Check for a digit too many.'),
  not_on_whatsapp: says('This number is not on WhatsApp.', 'Check the number with your customer.'),
  lookup_failed: says('WhatsApp did not say whether the number exists.', 'Try again in a moment.'),
  not_confirmed: says('WhatsApp has not confirmed yet. Kurir keeps trying.'),
  not_sent: says('The message did not leave this PC.', 'Send it again.'),
  no_recipient_device: says('WhatsApp named no phone to deliver to.', 'Send it again later.'),
  encryption_failed: says('The message could not be encrypted for this person.', 'Send it again later.'),
  refused_by_whatsapp: says('WhatsApp refused the message.', 'Wait a while before you send it again.'),
  contact_locked: says(
    'WhatsApp does not let this phone write to this contact, although Kurir tried every address of theirs.',
    'Ask them to write to you first. If Devices says that the phone should be linked again, do that.',
  ),
  time_locked: says(
    'WhatsApp does not let this phone write to new contacts for now.',
    'Wait until the time is over.',
  ),
  new_chat_quota_used: says(
    'WhatsApp lets this phone begin no more new chats for now.',
    'Contacts it knows still get their messages. The phone’s card says when new ones can be written to again.',
  ),
  ceiling_reached: says(
    'This phone has sent as much as is safe for now.',
    'Wait, or change the pace in Settings.',
  ),
  sending_paused: says('Sending is paused.', 'Press “Resume” when you are ready.'),
  expired: says(
    'WhatsApp did not confirm it within 24 hours, or before its phone was removed, so Kurir gave up.',
    'It may have arrived all the same. Send it again if it still matters.',
  ),
  idempotency_key_reused: says(
    'The program used one reference for two different messages.',
    'Have its maker check.',
  ),
  message_not_found: says('That message is no longer in the log.'),
  text_not_kept: says('Its text was not kept, so it cannot be sent again.', 'Write it anew in Send.'),
  media_url_invalid: says('This is not a web address.', 'It begins with http:// or https://.'),
  media_address_refused: says(
    'The address leads into this PC or network, which is closed.',
    'List it as trusted in Settings if it is yours.',
  ),
  media_not_direct: says(
    'The address leads to a page, not to the file.',
    'Use a direct link, one that downloads at once.',
  ),
  media_unreachable: says('The file could not be fetched.', 'Open the address in a browser to check it.'),
  media_timeout: says('The file took too long to arrive.', 'Try again, or use a smaller file.'),
  media_too_large: says('The file is too large.', 'Make it smaller, or raise the limit in Settings.'),
  media_empty: says('The file is empty.', 'Choose another file.'),
  media_mismatch: says(
    'The file is of another kind than was said.',
    'Choose the right kind, or send it as a document.',
  ),
  media_unreadable: says(
    'The file is damaged or of an unknown format.',
    'Save it anew, or send it as a document.',
  ),
  view_once_unsupported: says(
    'A file of that kind, or for a newsletter, cannot be opened only once.',
    'Send it without that, or as a picture, a video or a voice note.',
  ),
  proxy_unreachable: says('The proxy does not answer.', 'Check “Proxy” in Settings, under Network.'),
  proxy_login_required: says(
    'The proxy wants a user name and a password, or does not accept the ones it was given.',
    'Write them into “Proxy” in Settings, under Network.',
  ),
  proxy_refused: says(
    'The proxy does not open a connection to that place.',
    'Ask who looks after your network to let this PC through to it.',
  ),
  media_upload_failed: says('WhatsApp did not take the file.', 'Send it again.'),
  storage_full: says(
    'The disk is full or nearly full, so nothing new is accepted.',
    'Make space on the disk: Kurir needs 1 GiB free.',
  ),
  storage_unavailable: says('The database cannot be written.', 'Check the disk and the data folder.'),
  data_folder_unwritable: says('The data folder cannot be written.', 'Check its permissions.'),
  data_folder_in_use: says('Another Kurir uses that data folder.', 'Close the other one first.'),
  key_store_unavailable: says(
    'This computer’s key store refused or did not answer.',
    'Unlock it, allow Kurir to use it, then start Kurir again.',
  ),
  data_key_unavailable: says(
    'The key to this data folder is missing.',
    'Start Kurir the way it was started before.',
  ),
  database_newer: says('The database is from a newer Kurir.', 'Update Kurir.'),
  database_damaged: says(
    'The database is damaged, so nothing new is accepted.',
    'Copy the data folder, start Kurir again, then restore a backup in Settings.',
  ),
  backup_invalid: says(
    'This file is not a backup of Kurir.',
    'Choose a file that “Make a backup” has written.',
  ),
  port_taken: says('Another program uses this port.', 'Close that program, or choose another port.'),
  port_not_allowed: says('The system does not let Kurir open that port.', 'Choose another port above 1023.'),
  option_invalid: says('An option that Kurir was started with is wrong.'),
  setting_unknown: says('There is no such setting.'),
  setting_invalid: says('This value is not possible here.', 'Check what was filled in.'),
  call_invalid: says('This window and Kurir are of different versions.', 'Load the window again.'),
  shutting_down: says('Kurir is not answering right now.', 'Try again when it is back.'),
  internal_error: says(
    'Something went wrong inside Kurir.',
    'Try again. If it stays, save the diagnostics in Settings and report it.',
  ),
}
