import type { ExternalPage } from '../../src-preload/contract.ts'
import { useCallMutation } from './ipc-call.ts'

/** Has one of the known pages opened: by the desktop, or in a browser by this page itself. */
export function useOpenExternal(): (page: ExternalPage) => void {
  const { mutate } = useCallMutation('program.openExternal')
  return (page) =>
    mutate(
      { page },
      {
        onSuccess: (address) => {
          if (address !== null) window.open(address, '_blank', 'noopener,noreferrer')
        },
      },
    )
}
