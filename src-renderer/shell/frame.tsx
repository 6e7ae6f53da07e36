import { lazy, Suspense, useEffect, useRef } from 'react'
import type { Page } from '../../src-preload/contract.ts'
import { Center, Loader } from '@mantine/core'
import { useDictionary } from '../i18n/dictionary.tsx'
import { Banners } from './banners/banners.tsx'
import { Boundary } from './boundary.tsx'
import { Failures } from './failure-alerts.tsx'
import classes from './frame.module.css'
import { Navigation } from './navigation.tsx'
import { Notices } from './banners/notices.tsx'
import { Refused } from './refused.tsx'
import { useRoute } from './page-route.ts'
import { DownloadsBar } from './downloads-bar.tsx'
import { useLink } from './use-link.ts'

const pages: Record<Page, React.LazyExoticComponent<(route: { id: string | null }) => React.ReactNode>> = {
  devices: lazy(async () => ({ default: (await import('../pages/devices/devices-page.tsx')).DevicesPage })),
  send: lazy(async () => ({ default: (await import('../pages/send/send-page.tsx')).SendPage })),
  log: lazy(async () => ({ default: (await import('../pages/log/log-page.tsx')).LogPage })),
  api: lazy(async () => ({ default: (await import('../pages/api/api-page.tsx')).ApiPage })),
  sandbox: lazy(async () => ({ default: (await import('../pages/sandbox/sandbox-page.tsx')).SandboxPage })),
  settings: lazy(async () => ({
    default: (await import('../pages/settings/settings-page.tsx')).SettingsPage,
  })),
}

/** Navigation at the side, the page beside it, and what concerns every page above that. */
export function Frame() {
  const { t } = useDictionary()
  const { page, id } = useRoute()
  const main = useRef<HTMLElement>(null)
  const link = useLink()
  const PageContent = pages[page]

  useEffect(() => {
    document.title = `${t.common.navigation[page]} · Kurir`
    main.current?.scrollTo(0, 0)
  }, [page, t])

  if (link === 'refused') return <Refused />
  return (
    <div className={classes.frame}>
      <a
        href="#main"
        className={classes.skip}
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        {t.common.navigation.skip}
      </a>
      <Navigation current={page} />
      <main ref={main} id="main" tabIndex={-1} className={classes.main}>
        <Banners />
        <div className={classes.page} data-page={page}>
          <Boundary key={page}>
            <Suspense fallback={<PageLoading />}>
              <PageContent id={id} />
            </Suspense>
          </Boundary>
        </div>
      </main>
      <DownloadsBar />
      <Notices />
      <Failures />
    </div>
  )
}

function PageLoading() {
  const { t } = useDictionary()
  return (
    <Center p="xl">
      <Loader size="sm" aria-label={t.common.loading} role="status" />
    </Center>
  )
}
