import { useEffect } from 'react'
import { PageHeader } from '../../ui/layout/page-header.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { AboutSection } from './about-section.tsx'
import { ApiSection, LogSection, MediaSection, NetworkSection, SendingSection } from './program-sections.tsx'
import { DataSection } from './data-section.tsx'
import { GeneralSection } from './general-section.tsx'
import classes from './settings-page.module.css'
import { UpdatesSection } from './updates-section.tsx'

const sections = {
  general: GeneralSection,
  sending: SendingSection,
  api: ApiSection,
  media: MediaSection,
  network: NetworkSection,
  log: LogSection,
  data: DataSection,
  updates: UpdatesSection,
  about: AboutSection,
}
type Section = keyof typeof sections

export function SettingsPage({ id }: { id: string | null }) {
  const { settings } = useDictionary().t
  useEffect(() => {
    if (id !== null) show(id)
  }, [id])
  return (
    <div className={classes.page}>
      <PageHeader title={settings.title} />
      <div className={classes.columns}>
        <ul className={classes.contents} aria-label={settings.contents}>
          {(Object.keys(sections) as Section[]).map((name) => (
            <li key={name}>
              <button type="button" onClick={() => show(name)}>
                {settings.sections[name]}
              </button>
            </li>
          ))}
        </ul>
        <div className={classes.sections}>
          {(Object.keys(sections) as Section[]).map((name) => {
            const Content = sections[name]
            return (
              <section
                key={name}
                id={`settings-${name}`}
                className={classes.section}
                aria-label={settings.sections[name]}
                tabIndex={-1}
              >
                <h2 className={classes.title}>{settings.sections[name]}</h2>
                <Content />
              </section>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function show(name: string): void {
  const section = document.querySelector<HTMLElement>(`#settings-${CSS.escape(name)}`)
  section?.scrollIntoView({ block: 'start' })
  section?.focus({ preventScroll: true })
}
