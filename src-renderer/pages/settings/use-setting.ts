import type { SettingName, SettingValue } from '../../../src-preload/contract.ts'
import { useCallMutation, useCallQuery, type CallFailure } from '../../program/ipc-call.ts'

export interface Setting<Name extends SettingName> {
  value: SettingValue<Name>
  set: (value: SettingValue<Name>) => void
  busy: boolean
  failure: CallFailure | null
  /** Says no more of a change that failed: what is written is what is kept. */
  forgetFailure: () => void
  /** Set by the command line for this run: cannot be changed in it. */
  overridden: boolean
}

/** One setting and how to change it; null until the settings are known. */
export function useSetting<Name extends SettingName>(name: Name): Setting<Name> | null {
  const all = useCallQuery('settings.all', {}).data
  const act = useCallMutation('settings.set', { showsFailure: true })
  if (all === undefined) return null
  return {
    // The contract's mapped type says so; the compiler does not follow it through a generic name.
    value: all.values[name] as SettingValue<Name>,
    set: (value) => act.mutate({ name, value }),
    busy: act.isPending,
    failure: act.error,
    forgetFailure: act.reset,
    overridden: all.overridden.includes(name),
  }
}
