import type { Route } from '../handlers/api-route.ts'
import { checkNumber } from './check-number.ts'
import { deleteDevice } from './delete-device.ts'
import { docs } from './docs.ts'
import { generateCode } from './generate-code.ts'
import { generateQr } from './generate-qr.ts'
import { groups } from './list-groups.ts'
import { health } from './health.ts'
import { infoDevices } from './info-devices.ts'
import { logoutDevice } from './logout-device.ts'
import { message } from './get-message.ts'
import { openApiJson } from './openapi-json.ts'
import { sendMedia } from './send-media.ts'
import { sendMessage } from './send-message.ts'

/** Every path of the API; the order is that of the documentation. */
export const routes: readonly Route[] = [
  sendMessage,
  sendMedia,
  message,
  checkNumber,
  groups,
  infoDevices,
  generateQr,
  generateCode,
  logoutDevice,
  deleteDevice,
  health,
  openApiJson(() => routes),
  docs(() => routes),
]
