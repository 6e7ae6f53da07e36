import { Button, CloseButton, Paper, Progress, Stack, Text } from '@mantine/core'
import type { Download } from '../../src-preload/contract.ts'
import { useDictionary } from '../i18n/dictionary.tsx'
import { useCallMutation } from '../program/ipc-call.ts'
import { forgetDownload, useDownloads } from '../program/use-downloads.ts'
import classes from './downloads-bar.module.css'

/** Exports, backups and diagnostics on their way, at the lower edge; they go on while pages change. */
export function DownloadsBar() {
  const downloads = useDownloads()
  if (downloads.length === 0) return null
  return (
    <Stack className={classes.bar} gap="xs" role="status">
      {downloads.map((download) => (
        <OneDownload key={download.id} download={download} />
      ))}
    </Stack>
  )
}

function OneDownload({ download }: { download: Download }) {
  const { t, format } = useDictionary()
  const cancel = useCallMutation('savings.cancel')
  const { downloads } = t
  const name = downloads[download.kind]
  const { done, total } = download
  return (
    <Paper withBorder shadow="md" p="sm" className={classes.one}>
      <Text size="sm" fw={600} className={classes.text}>
        {sentenceFor(download, name)}
        {download.state === 'done' && (
          <Text component="span" display="block" size="xs" c="dimmed">
            {download.path === null ? download.fileName : downloads.where(download.path)}
          </Text>
        )}
        {download.failure !== null && (
          <Text component="span" display="block" size="xs" c="dimmed">
            {t.failures[download.failure.code].what}
          </Text>
        )}
      </Text>
      {download.state === 'running' ? (
        <Button size="compact-sm" variant="default" onClick={() => cancel.mutate({ id: download.id })}>
          {t.common.cancel}
        </Button>
      ) : (
        <CloseButton size="sm" aria-label={t.common.close} onClick={() => forgetDownload(download.id)} />
      )}
      {download.state === 'running' && (
        <div className={classes.progress}>
          <Progress
            value={total === null || total === 0 ? 100 : (done / total) * 100}
            animated={total === null}
            aria-label={downloads.progress}
          />
          {total !== null && (
            <Text size="xs" c="dimmed" className="digits">
              {downloads.rows(format.count(done), format.count(total))}
            </Text>
          )}
        </div>
      )}
    </Paper>
  )

  function sentenceFor({ state }: Download, what: string): string {
    return downloads[state](what)
  }
}
