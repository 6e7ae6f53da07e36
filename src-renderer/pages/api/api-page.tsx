import { Stack } from '@mantine/core'
import { PageHeader } from '../../components/page-header.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { AccessLog } from './access-log.tsx'
import { AddressCard } from './address-card.tsx'
import { Guide } from './guide.tsx'
import { KeysCard } from './keys-card.tsx'
import { RefusedCallers } from './refused-callers.tsx'
import { UnknownParameters } from './unknown-parameters.tsx'

export function ApiPage() {
  const { api } = useDictionary().words
  return (
    <>
      <PageHeader title={api.title} intro={api.intro} />
      <Stack gap="lg">
        <AddressCard />
        <KeysCard />
        <Guide />
        <RefusedCallers />
        <AccessLog />
        <UnknownParameters />
      </Stack>
    </>
  )
}
