import type { Route } from './route.ts'
import { checkNumber } from './routes/check-number.ts'
import { deleteDevice } from './routes/delete-device.ts'
import { docs } from './routes/docs.ts'
import { generateCode } from './routes/generate-code.ts'
import { generateQr } from './routes/generate-qr.ts'
import { groups } from './routes/groups.ts'
import { health } from './routes/health.ts'
import { infoDevices } from './routes/info-devices.ts'
import { logoutDevice } from './routes/logout-device.ts'
import { message } from './routes/message.ts'
import { openApiJson } from './routes/openapi-json.ts'
import { sendMedia } from './routes/send-media.ts'
import { sendMessage } from './routes/send-message.ts'

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
