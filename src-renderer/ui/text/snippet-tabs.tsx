import { Tabs } from '@mantine/core'
import { useState } from 'react'
import type { RequestOf, Snippet } from '../../../src-preload/contract.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'
import { QueryBoundary } from '../layout/query-boundary.tsx'
import { CodeBlock } from './code-block.tsx'

const languages: Record<Snippet['language'], string> = {
  curl: 'curl',
  php: 'PHP',
  javascript: 'JavaScript',
  python: 'Python',
  csharp: 'C#',
  vbnet: 'VB.NET',
}

/** One API call in every language, with this program's own address in it. */
export function Snippets({ call }: { call: RequestOf<'api.snippets'> }) {
  const { t } = useDictionary()
  const snippets = useCallQuery('api.snippets', call)
  const [language, setLanguage] = useState<string | null>('curl')
  return (
    <QueryBoundary of={snippets}>
      {(list) => (
        <Tabs value={language} onChange={setLanguage}>
          <Tabs.List aria-label={t.send.language} mb="sm">
            {list.map((snippet) => (
              <Tabs.Tab key={snippet.language} value={snippet.language}>
                {languages[snippet.language]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {list.map((snippet) => (
            <Tabs.Panel key={snippet.language} value={snippet.language}>
              <CodeBlock code={snippet.code} label={`${t.api.code}, ${languages[snippet.language]}`} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </QueryBoundary>
  )
}
