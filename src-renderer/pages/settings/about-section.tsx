import { Button, Group, Text, TextInput } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useState } from 'react'
import type { ExternalPage, Licence } from '../../../src-preload/contract.ts'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'
import { useOpenExternal } from '../../program/open-external.ts'
import classes from './settings-page.module.css'

export function AboutSection() {
  const { about } = useDictionary().t.settings
  const info = useCallQuery('program.info', {})
  const [licences, setLicences] = useState(false)
  return (
    <div className={classes.about}>
      <QueryBoundary of={info}>
        {({ version, versions }) => (
          <>
            <Text fw={600}>{about.version(version)}</Text>
            <Text size="sm">{about.licence}</Text>
            <Text size="sm" c="dimmed">
              {about.notAffiliated}
            </Text>
            <dl className={classes.versions} aria-label={about.builtOn}>
              {versions.map(({ name, version }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd className="digits">{version}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </QueryBoundary>
      <Group gap="xs">
        <Button variant="default" size="compact-md" onClick={() => setLicences(true)}>
          {about.licences}
        </Button>
        {info.data?.source === true && (
          <>
            <External page="source" name={about.source} />
            <External page="report-problem" name={about.report} />
          </>
        )}
      </Group>
      {licences && <Licences onClose={() => setLicences(false)} />}
    </div>
  )
}

function External({ page, name }: { page: ExternalPage; name: string }) {
  const open = useOpenExternal()
  return (
    <Button
      variant="default"
      size="compact-md"
      rightSection={<IconExternalLink size={14} />}
      onClick={() => open(page)}
    >
      {name}
    </Button>
  )
}

function Licences({ onClose }: { onClose: () => void }) {
  const { about } = useDictionary().t.settings
  const [search, setSearch] = useState('')
  return (
    <Dialog title={about.licences} onClose={onClose} size="lg">
      <TextInput
        type="search"
        aria-label={about.search}
        placeholder={about.search}
        mb="sm"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <QueryBoundary of={useCallQuery('program.licences', {})}>
        {(list) => <Packages list={list.filter(({ name }) => name.includes(search.trim().toLowerCase()))} />}
      </QueryBoundary>
    </Dialog>
  )
}

/** A package's text is drawn only once it is opened: together they are megabytes. */
function Packages({ list }: { list: Licence[] }) {
  const [opened, setOpened] = useState<string | null>(null)
  return (
    <ul className={classes.packages}>
      {list.map((one) => {
        const id = `${one.name} ${one.version}`
        return (
          <li key={id}>
            <details name="licence" onToggle={(event) => event.currentTarget.open && setOpened(id)}>
              <summary>
                {one.name} {one.version}, {one.licence}
              </summary>
              {opened === id && (
                <pre tabIndex={0} role="region" aria-label={one.name}>
                  {one.text}
                </pre>
              )}
            </details>
          </li>
        )
      })}
    </ul>
  )
}
