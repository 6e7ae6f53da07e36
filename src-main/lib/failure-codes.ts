/**
 * Every code that Kurir's failures carry, with what it means in one sentence. Codes never change: callers
 * branch on them. The API's OpenAPI document and its guide are generated from this table; `http` is the
 * status of an answer about such a failure (400 where none is given: callers retry on 5xx and some lose
 * the body of anything else).
 */
export const failureCodes = {
  // the request's form
  parameter_missing: { meaning: 'A required parameter is missing or empty.' },
  parameter_invalid: { meaning: 'A parameter has a value with the wrong format.' },
  message_too_long: { meaning: 'The text is longer than 65,536 characters.' },
  json_invalid: { meaning: 'The body is not valid JSON.' },
  content_type_unknown: { meaning: 'The body has a content type that this API does not support.' },
  body_unreadable: { meaning: 'The body does not match its content type.' },
  body_too_large: { meaning: 'The body is larger than the limit.', http: 413 },
  headers_too_large: { meaning: 'The address or the headers are larger than 128 KiB.', http: 431 },
  request_malformed: { meaning: 'The request is not valid HTTP, often because of an unencoded space.' },
  request_timeout: { meaning: 'The request did not arrive completely in time.', http: 408 },
  path_unknown: { meaning: 'There is no such path.', http: 404 },
  method_not_allowed: { meaning: 'This path does not support that HTTP method.', http: 405 },
  host_not_allowed: { meaning: 'The Host header is not an allowed name or address of this API.', http: 403 },
  origin_not_allowed: { meaning: 'A web page whose origin is not allowed made the request.', http: 403 },
  prefetch_refused: {
    meaning: 'A browser prefetched the address; such requests never send a message.',
    http: 403,
  },
  too_many_requests: { meaning: 'More requests than the limit allows.', http: 429 },
  too_many_connections: { meaning: 'More open connections than the limit allows.', http: 429 },
  queue_full: { meaning: 'The limit for waiting messages, or for their size, is reached.', http: 429 },

  // keys
  key_missing: { meaning: 'No API key was given.' },
  key_unknown: { meaning: 'There is no such API key, or it was revoked.' },
  key_expired: { meaning: 'The API key has expired.' },
  key_not_for_device: { meaning: 'The API key is bound to other devices.' },
  key_lacks_right: { meaning: 'The API key lacks the right that this call needs.' },
  key_name_taken: { meaning: 'An API key with that name already exists.' },

  // devices
  sender_unknown: { meaning: 'No device has that number.' },
  sender_not_paired: { meaning: 'The device is not paired with a phone; nothing can wait for it.' },
  device_disconnected: { meaning: 'The device is not connected; nothing was sent.' },
  device_connected: { meaning: 'The device is connected already.' },
  device_not_found: { meaning: 'There is no such device.' },
  device_number_taken: { meaning: 'Another device already has that number.' },
  too_many_devices: { meaning: 'The maximum number of devices is reached.' },
  too_many_pairings: { meaning: 'The maximum number of simultaneous pairings is reached.', http: 429 },
  device_kind_unavailable: { meaning: 'Kurir was started without support for devices of that kind.' },
  pairing_failed: { meaning: 'The phone could not be paired.' },

  // recipients
  number_invalid: { meaning: 'The recipient is not a phone number, group or newsletter.' },
  number_too_short: { meaning: 'The phone number is too short.' },
  number_too_long: { meaning: 'The phone number is too long.' },
  too_many_recipients: {
    meaning: 'The call names more than 256 recipients, or has more than 16,384 characters for them.',
  },
  not_on_whatsapp: { meaning: 'The number is not on WhatsApp.' },
  lookup_failed: { meaning: 'WhatsApp did not answer whether the number exists.' },

  // sending
  not_confirmed: { meaning: 'WhatsApp has not acknowledged yet; the message stays in the outbox.' },
  not_sent: { meaning: 'The message did not leave this PC.' },
  no_recipient_device: { meaning: 'WhatsApp returned no device of the recipient to encrypt for.' },
  encryption_failed: { meaning: 'The message could not be encrypted for the recipient.' },
  refused_by_whatsapp: { meaning: 'WhatsApp refused the message.' },
  contact_locked: {
    meaning: 'WhatsApp does not let this account write to that contact (463), by phone number or by LID.',
  },
  time_locked: { meaning: 'WhatsApp does not let this account write to new contacts for now.' },
  new_chat_quota_used: {
    meaning: 'WhatsApp’s quota of new chats is used up; known contacts still get messages.',
  },
  ceiling_reached: { meaning: 'The device has reached its sending limit for now.' },
  sending_paused: { meaning: 'The operator has paused sending.' },
  expired: { meaning: 'The message was not acknowledged within 24 hours.' },
  idempotency_key_reused: { meaning: 'The Idempotency-Key was used for another request.' },
  message_not_found: { meaning: 'There is no such message among the devices of this key.' },
  text_not_kept: { meaning: 'The text was not kept, so the message cannot be sent again.' },

  // media
  media_url_invalid: { meaning: 'The url is not an http or https address.' },
  media_address_refused: { meaning: 'The url leads to an address that Kurir does not connect to.' },
  media_not_direct: { meaning: 'The url leads to a page, not to the file itself.' },
  media_unreachable: { meaning: 'The file could not be fetched.' },
  media_timeout: { meaning: 'The file did not arrive in time.' },
  media_too_large: { meaning: 'The file is larger than the limit for its kind.' },
  media_empty: { meaning: 'The file is empty.' },
  media_mismatch: { meaning: 'The content does not match media_type.' },
  media_unreadable: { meaning: 'The file is damaged or has an unsupported format.' },
  view_once_unsupported: {
    meaning: 'A file of that kind, or for a newsletter, cannot be sent as view once.',
  },
  media_upload_failed: { meaning: 'WhatsApp did not accept the file.' },

  // the way out of this PC
  proxy_unreachable: {
    meaning: 'The proxy of the setting network.proxy, or of the system, does not answer.',
  },
  proxy_login_required: {
    meaning:
      'The proxy requires a user name and a password, rejected the ones it got, or supports no login that Kurir can do.',
  },
  proxy_refused: { meaning: 'The proxy does not allow a connection to that address.' },

  // the program
  storage_full: {
    meaning: 'The disk is full or nearly full; no new messages are accepted until there is space.',
  },
  storage_unavailable: { meaning: 'The database, or an uploaded file, cannot be written.' },
  data_folder_unwritable: { meaning: 'Kurir cannot write to the data folder.' },
  data_folder_in_use: { meaning: 'Another Kurir is using that data folder.' },
  data_key_unavailable: {
    meaning:
      'The key of this data folder is missing, or it belongs to the other program (desktop or headless).',
  },
  key_store_unavailable: {
    meaning:
      'The system’s key store, which holds the key of this data folder, refused access or did not respond.',
  },
  database_newer: { meaning: 'The database was written by a newer version of Kurir.' },
  database_damaged: {
    meaning:
      'The database is damaged; no new messages are accepted. The next start keeps it aside and begins a new one.',
  },
  backup_invalid: { meaning: 'The file is not a Kurir backup.' },
  port_taken: { meaning: 'Another program uses the port.' },
  port_not_allowed: { meaning: 'This user may not open that port, or the system reserves it.' },
  option_invalid: { meaning: 'A command-line option is unknown or has a wrong value.' },
  setting_unknown: { meaning: 'There is no setting with that name.' },
  setting_invalid: { meaning: 'The setting does not allow that value.' },
  call_invalid: { meaning: 'The window made a call that this version does not know.' },
  shutting_down: { meaning: 'The program is stopping; no new messages are accepted.' },
  internal_error: {
    meaning: 'Something went wrong in Kurir itself; kurir.log in its data folder says what.',
    http: 500,
  },
} as const satisfies Record<string, { meaning: string; http?: number }>

export type FailureCode = keyof typeof failureCodes
