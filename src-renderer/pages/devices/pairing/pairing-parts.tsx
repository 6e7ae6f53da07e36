import { Loader, Progress } from '@mantine/core'
import { useState } from 'react'
import { QrCode } from '../../../ui/qr-code.tsx'
import { useNow } from '../../../ui/use-now.ts'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import classes from './pair-dialog.module.css'
import { CameraPicture, CodePicture, LinkedDevicesPicture, OpenPicture } from './pictures.tsx'

interface Shown {
  text: string
  expiresAt: number
}

export function PairingQr({ qr }: { qr: Shown | null }) {
  const { t } = useDictionary()
  return (
    <div className={classes.shown}>
      <div className={`${classes.frame} ${classes.qr}`}>
        {qr === null ? <Asking /> : <QrCode text={qr.text} label={t.pairing.qr} />}
      </div>
      {qr !== null && <Remaining shown={qr} say={t.pairing.remaining} />}
    </div>
  )
}

export function PairingCode({ code }: { code: Shown | null }) {
  const { t } = useDictionary()
  return (
    <div className={classes.shown}>
      <div className={`${classes.frame} ${classes.typed}`}>
        {code === null ? (
          <Asking />
        ) : (
          <output className={classes.code} aria-label={t.pairing.code}>
            {withDash(code.text)}
          </output>
        )}
      </div>
      {code !== null && <Remaining shown={code} say={t.pairing.codeRemaining} />}
    </div>
  )
}

const withDash = (text: string) => (text.length === 8 ? `${text.slice(0, 4)}-${text.slice(4)}` : text)

function Asking() {
  const { t } = useDictionary()
  return (
    <div className={classes.asking} role="status">
      <Loader size="md" />
      <span>{t.pairing.waiting}</span>
    </div>
  )
}

/** How long what is shown can still be used, as a line that shrinks and in words. */
function Remaining({ shown, say }: { shown: Shown; say: (time: string) => string }) {
  const { format } = useDictionary()
  const now = useNow(250)
  const [first, setFirst] = useState({ text: shown.text, at: now })
  if (first.text !== shown.text) setFirst({ text: shown.text, at: now })
  const left = Math.max(0, shown.expiresAt - now)
  const whole = Math.max(1, shown.expiresAt - first.at)
  const sentence = say(format.countdown(left))
  return (
    <>
      <Progress value={Math.min(100, (left / whole) * 100)} size="sm" mt="sm" aria-label={sentence} />
      <p className={classes.remaining}>{sentence}</p>
    </>
  )
}

export function PairingSteps({ how }: { how: 'qr' | 'code' }) {
  const { pairing } = useDictionary().t
  return (
    <ol className={classes.steps} aria-label={pairing.steps}>
      <li>
        <OpenPicture className={classes.picture} />
        <span>{pairing.step1}</span>
      </li>
      <li>
        <LinkedDevicesPicture className={classes.picture} />
        <span>{pairing.step2}</span>
      </li>
      <li>
        {how === 'qr' ? (
          <CameraPicture className={classes.picture} />
        ) : (
          <CodePicture className={classes.picture} />
        )}
        <span>{how === 'qr' ? pairing.step3 : pairing.codeStep3}</span>
      </li>
    </ol>
  )
}
