import { Stack } from '@mantine/core'
import { PageHeader } from '../../ui/layout/page-header.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { AccessLogCard } from './access-log-card.tsx'
import { AddressCard } from './address-card.tsx'
import { Guide } from './guide.tsx'
import { KeysCard } from './keys-card.tsx'
import { RefusedCallersCard } from './refused-callers-card.tsx'
import { UnknownParametersCard } from './unknown-parameters-card.tsx'

export function ApiPage() {
  const { api } = useDictionary().t
  return (
    <>
      <PageHeader title={api.title} intro={api.intro} />
      <Stack gap="lg">
        <AddressCard />
        <KeysCard />
        <Guide />
        <RefusedCallersCard />
        <AccessLogCard />
        <UnknownParametersCard />
      </Stack>
    </>
  )
}
