/** A process that can be killed, and what crosses its boundary. Node and Electron each start one in their own way. */
export interface IsolatedProcess {
  /** Plain data. */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, however the process ended. */
  onExit(listener: () => void): void
  /** Ends it at once, whatever it is doing. */
  kill(): void
}

/** Starts the file as a process: `name` is what a list of processes shows, `heapMiB` bounds its JavaScript heap. */
export type StartIsolatedProcess = (
  file: string,
  options: { name: string; heapMiB: number },
) => IsolatedProcess
