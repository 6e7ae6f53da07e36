interface UtilityPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}

/**
 * Answers what the program sends to this process, which is a fork of Node or Electron's utility process: their channels
 * have different forms. Once the program has ended, so does the process.
 */
export function serveParent(handle: (message: unknown, reply: (answer: unknown) => void) => void): void {
  const { parentPort } = process as unknown as { parentPort?: UtilityPort }
  if (parentPort === undefined) {
    process.on('message', (message) => handle(message, (answer) => void process.send?.(answer)))
    process.on('disconnect', () => process.exit(0))
    return
  }
  parentPort.on('message', ({ data }) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process's port, no window
    handle(data, (answer) => parentPort.postMessage(answer))
  })
}
