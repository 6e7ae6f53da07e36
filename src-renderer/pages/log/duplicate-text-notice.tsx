import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useNow } from '../../ui/use-now.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'
import { goTo } from '../../shell/page-route.ts'
import classes from './log-page.module.css'

const hourMs = 3_600_000

/** Says that one text went to many within the last hour, which gets numbers blocked; the newest of them. */
export function DuplicateTextNotice({ deviceId }: { deviceId: string | null }) {
  const { t, format } = useDictionary()
  const devices = useCallQuery('devices.list', {}).data ?? []
  const warnings = useCallQuery('messages.warnings', {}).data ?? []
  // No event tells that an hour is over.
  const since = useNow(60_000) - hourMs
  const newest = warnings.find(
    (warning) => warning.at > since && (deviceId === null || warning.deviceId === deviceId),
  )
  if (newest === undefined) return null
  const name = devices.find(({ id }) => id === newest.deviceId)?.name ?? t.log.someDevice
  return (
    <div className={classes.sameText} role="status">
      <IconAlertTriangle size={20} aria-hidden />
      <div>
        <strong>{t.log.sameText(name, format.count(newest.recipients), format.moment(newest.at))}</strong>
        <div>{t.log.sameTextToDo}</div>
      </div>
      <Button size="compact-sm" variant="default" onClick={() => goTo('log', newest.messageId)}>
        {t.log.sameTextLook}
      </Button>
    </div>
  )
}
