import { pino } from 'pino'
import type { Logger } from '../../src-main/lib/logging/logger.ts'

type Line = Record<string, unknown> & { msg: string }

/** A log that keeps its lines. */
export function listLog(): { logger: Logger; lines(): Line[]; sentences(): string[] } {
  const lines: Line[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Line) }
  const logger = pino({ level: 'debug' }, stream) as unknown as Logger
  return { logger, lines: () => lines, sentences: () => lines.map(({ msg }) => msg) }
}
