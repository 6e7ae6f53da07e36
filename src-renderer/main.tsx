import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './window.css'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { Application } from './shell/application.tsx'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
// What locks scrolling behind dialogs makes a style element of its own.
setNonce(nonce)

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(<Application nonce={nonce} />)
