import type { Notice, ProgramInfo, Download, UpdateStatus } from '../../src-preload/contract.ts'
import type { Listeners } from '../lib/listeners.ts'

/** Where a file that the operator asked for is to go. */
export type DownloadLocation =
  | { where: 'path'; path: string }
  /** The window fetches it in parts: a browser puts it where it puts downloads. */
  | { where: 'parts' }
  | { where: 'nowhere' }

/** What only the program's shell can do, and the handlers ask of it: the desktop's or headless'. */
export interface HostCapabilities {
  readonly kind: ProgramInfo['shell']
  readonly can: ProgramInfo['can']
  readonly sealedBy: ProgramInfo['sealedBy']
  loginItemProblem(): ProgramInfo['loginItemProblem']
  /** As a BCP 47 tag. */
  readonly systemLanguage: string
  readonly customWhatsApp: boolean
  /** What happened while no window could hear of it: for the one that opens next, and no other. */
  takeNotices(): Notice[]
  chooseSavingPlace(fileName: string, kind: Download['kind']): Promise<DownloadLocation>
  /** @throws Failure call_invalid where the shell cannot */
  openDataFolder(): Promise<void>
  /** Opens an address of the fixed list; where the shell cannot, the answer is what the window has to open. */
  openExternal(address: string): Promise<string | null>
  /** Ends the program and starts it again on the same data folder. */
  restart(): void
  readonly updates: Updates
}

export interface Updates {
  status(): UpdateStatus
  check(): Promise<UpdateStatus>
  /** Ends the program and starts the new version. */
  install(): void
  readonly onChange: Listeners<UpdateStatus>
}
