import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Device } from '../../../../src-preload/contract.ts'
import { Confirm } from '../../../ui/overlay/confirm.tsx'
import { useDictionary } from '../../../i18n/dictionary.tsx'
import { useCallMutation } from '../../../program/ipc-call.ts'
import classes from '../device-card.module.css'

interface RelinkAdviceProps {
  device: Device
  /** Opens the dialog with the QR code. */
  onPair: () => void
}

/** A phone that was linked by an older Kurir cannot write first to strangers: linking it again mends that. */
export function RelinkAdvice({ device, onPair }: RelinkAdviceProps) {
  const { devices: say } = useDictionary().t
  const [asking, setAsking] = useState(false)
  const logOut = useCallMutation('devices.logOut')
  const close = () => setAsking(false)
  // The advice is over as soon as the phone is logged out; what follows from that is not.
  if (!device.relinkAdvised && !asking) return null
  return (
    <div className={classes.lock}>
      <p className={classes.advice}>{say.relinkAdvice}</p>
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {say.relink}
      </Button>
      {asking && (
        <Confirm
          question={{
            title: say.relinkTitle(device.name),
            text: say.relinkText,
            yes: say.relink,
            destructive: false,
          }}
          busy={logOut.isPending}
          onClose={close}
          onYes={() => logOut.mutate({ id: device.id }, { onSettled: close, onSuccess: onPair })}
        />
      )}
    </div>
  )
}
