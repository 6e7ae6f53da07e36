import {
  IconApi,
  IconDeviceMobile,
  IconFlask,
  IconListDetails,
  IconSend,
  IconSettings,
} from '@tabler/icons-react'
import type { Page } from '../../src-preload/contract.ts'
import { useDictionary } from '../i18n/dictionary.tsx'
import classes from './navigation.module.css'
import { hashOf, pages } from './page-route.ts'
import { SideStatus } from './side-status.tsx'

const icons: Record<Page, typeof IconSend> = {
  devices: IconDeviceMobile,
  send: IconSend,
  log: IconListDetails,
  api: IconApi,
  sandbox: IconFlask,
  settings: IconSettings,
}

export function Navigation({ current }: { current: Page }) {
  const { navigation } = useDictionary().t.common
  return (
    <div className={classes.side}>
      <header className={classes.brand}>
        <img src="./icon.svg" alt="" width={28} height={28} />
        <span>Kurir</span>
      </header>
      <nav aria-label={navigation.label} className={classes.links}>
        {pages.map((page) => {
          const Icon = icons[page]
          return (
            <a
              key={page}
              href={hashOf(page)}
              className={classes.link}
              aria-current={page === current ? 'page' : undefined}
              title={navigation[page]}
            >
              <Icon size={20} stroke={1.7} aria-hidden />
              <span>{navigation[page]}</span>
            </a>
          )
        })}
      </nav>
      <SideStatus />
    </div>
  )
}
