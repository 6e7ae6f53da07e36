import { Agent, get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

export interface Heartbeats {
  readonly count: number
  /** Milliseconds. */
  readonly p99: number
  readonly max: number
}

/**
 * Asks /health again and again, on one connection of its own, until it is stopped: how long a program was busy with
 * something else.
 */
export function watchHealth(url: string): { stop(): Promise<Heartbeats> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const took: number[] = []
  const watching = new AbortController()
  const loop = (async () => {
    while (!watching.signal.aborted) {
      const began = performance.now()
      await asked(`${url}/health`, agent)
      took.push(performance.now() - began)
      await pause(10)
    }
  })()
  return {
    async stop() {
      watching.abort()
      await loop
      agent.destroy()
      const sorted = took.toSorted((a, b) => a - b)
      return {
        count: sorted.length,
        p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
        max: sorted.at(-1) ?? 0,
      }
    },
  }
}

function asked(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().once('end', resolve)
    }).once('error', reject)
  })
}
