import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { followEvents } from '../program/query-invalidation.ts'
import { theme, variables } from '../theme.ts'
import { Boundary } from './boundary.tsx'
import { Frame } from './frame.tsx'
import { Preferences } from './apply-preferences.tsx'

/** The window: whatever is around every page, from the outside in. */
export function Application({ nonce }: { nonce: string }) {
  const [client] = useState(newClient)
  return (
    <QueryClientProvider client={client}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <Preferences>
          <Notifications position="bottom-right" limit={3} containerWidth={380} />
          <Boundary>
            <Frame />
          </Boundary>
        </Preferences>
      </MantineProvider>
    </QueryClientProvider>
  )
}

/** Answers stay good until an event says otherwise: nothing is polled. */
function newClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
  followEvents(client)
  return client
}
