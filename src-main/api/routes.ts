import type { Route } from './route.ts'
import { generateQr } from './routes/generate-qr.ts'
import { health } from './routes/health.ts'
import { infoDevices } from './routes/info-devices.ts'
import { sendMedia } from './routes/send-media.ts'
import { sendMessage } from './routes/send-message.ts'

/** Every path of the API; the order is that of the documentation. */
export const routes: readonly Route[] = [sendMessage, sendMedia, infoDevices, generateQr, health]
