import { Tabs } from '@mantine/core'
import { useState } from 'react'
import type { RequestOf, Snippet } from '../../src-preload/contract.ts'
import { useDictionary } from '../i18n/dictionary.tsx'
import { useAnswer } from '../program/call.ts'
import { Answer } from './answer.tsx'
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
  const { words } = useDictionary()
  const snippets = useAnswer('api.snippets', call)
  const [language, setLanguage] = useState<string | null>('curl')
  return (
    <Answer of={snippets}>
      {(list) => (
        <Tabs value={language} onChange={setLanguage}>
          <Tabs.List aria-label={words.send.language} mb="sm">
            {list.map((snippet) => (
              <Tabs.Tab key={snippet.language} value={snippet.language}>
                {languages[snippet.language]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {list.map((snippet) => (
            <Tabs.Panel key={snippet.language} value={snippet.language}>
              <CodeBlock code={snippet.code} label={`${words.api.code}, ${languages[snippet.language]}`} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Answer>
  )
}
