import { useDictionary } from '../../i18n/dictionary.tsx'
import { ChoiceField, FlagField, ListField, NumberField, TextField } from './controls.tsx'
import { descriptions } from './general-section.tsx'

/** Also where another one goes for it: what comes in is what is dangerous. */
const hasNew = (next: string[], now: string[]) => next.some((one) => !now.includes(one))

export function SendingSection() {
  const { ask, fields } = useDictionary().t.settings
  return (
    <>
      <TextField setting="numbers.countryCode" {...fields.countryCode} />
      <ChoiceField
        setting="pace"
        {...descriptions(fields.pace)}
        choices={fields.pace.choices}
        unset="auto"
        ask={(next) => (next === 'off' ? ask.paceOff : null)}
      />
      <NumberField setting="pace.perHour" {...fields.perHour} min={1} max={100_000} />
      <NumberField setting="pace.perDay" {...fields.perDay} min={1} max={1_000_000} />
      <NumberField setting="pace.newContactsPerDay" {...fields.newContacts} min={1} max={100_000} />
      <NumberField setting="devices.maxCount" {...fields.maxDevices} min={1} max={1_000} />
      <FlagField setting="pace.warmUp" {...fields.warmUp} />
    </>
  )
}

export function ApiSection() {
  const { ask, fields } = useDictionary().t.settings
  return (
    <>
      <NumberField setting="api.port" {...fields.port} min={0} max={65_535} ask={() => ask.port} />
      <FlagField setting="api.lan" {...fields.lan} ask={(next) => (next ? ask.lan : null)} />
      <ListField setting="api.lanAddresses" {...fields.lanAddresses} />
      <ListField setting="api.hostNames" {...fields.hostNames} />
      <ListField
        setting="api.allowedOrigins"
        {...fields.origins}
        ask={(next, now) => (hasNew(next, now) ? ask.origins : null)}
      />
      <NumberField setting="api.requestsPerMinute" {...fields.requests} min={0} max={1_000_000} />
      <NumberField setting="api.maxConnections" {...fields.connections} min={1} max={10_000} />
      <NumberField setting="api.maxQueued" {...fields.queued} min={1} max={1_000_000} />
    </>
  )
}

export function MediaSection() {
  const { ask, fields } = useDictionary().t.settings
  return (
    <>
      <ListField
        setting="media.trustedHosts"
        {...fields.trustedHosts}
        ask={(next, now) => (hasNew(next, now) ? ask.trustedHosts : null)}
      />
      <NumberField setting="media.maxImageMiB" {...fields.maxImage} min={1} max={2_000} />
      <NumberField setting="media.maxAudioMiB" {...fields.maxAudio} min={1} max={2_000} />
      <NumberField setting="media.maxVideoMiB" {...fields.maxVideo} min={1} max={2_000} />
      <NumberField setting="media.maxDocumentMiB" {...fields.maxDocument} min={1} max={2_000} />
    </>
  )
}

export function NetworkSection() {
  const { fields } = useDictionary().t.settings
  return <TextField setting="network.proxy" {...fields.proxy} shown={withoutPassword} />
}

/** As the program keeps and shows a proxy's address. */
const withoutPassword = (address: string) => address.replace(/^([a-z\d]+:\/\/[^/:@]*):[^/@]*@/i, '$1@')

const kept = { yes: 2, masked: 1, no: 0 }

export function LogSection() {
  const { ask, fields } = useDictionary().t.settings
  return (
    <>
      <NumberField
        setting="log.retentionDays"
        {...fields.retention}
        min={1}
        max={3_650}
        ask={(next, now) => ((next ?? 0) < (now ?? 0) ? ask.retention : null)}
      />
      <ChoiceField
        setting="log.keepTexts"
        {...descriptions(fields.keepTexts)}
        choices={fields.keepTexts.choices}
        ask={(next, now) => (kept[next] < kept[now] ? ask.keepTexts : null)}
      />
    </>
  )
}
