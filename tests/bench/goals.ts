export const figureNames = [
  'throughput',
  'throughput_files',
  'latency_p50',
  'latency_p99',
  'fanout_50',
  'reconnects_100',
  'rss_50',
  'rss_500',
  'idle_50',
  'log_page',
  'log_search',
  'start',
  'first_send',
  'media_rss',
  'media_rate',
  'refuse',
  'window_js',
] as const
export type FigureName = (typeof figureNames)[number]

/** What a figure says, from where on it is a defect, and what is aimed at. */
export interface Goal {
  says: string
  /** Empty for ratios. */
  unit: '' | 'MB' | '%' | 'kB'
  better: 'more' | 'less'
  goal: number
  defect: number
}

export const goals: Readonly<Record<FigureName, Goal>> = {
  throughput: more('API → ack, one device, warm contacts / bare Baileys, keys in memory', 0.6, 0.9),
  throughput_files: more('the same / bare Baileys with useMultiFileAuthState', 1.3, 2),
  latency_p50: less('call latency / bare ack-gated send, at half the maximum rate: median', 2, 1.3),
  latency_p99: less('the same: 99th percentile', 4, 2),
  fanout_50: more('50 devices sending at once, total rate / one device', 0.5, 0.9),
  reconnects_100: less('CPU per message after 100 reconnects / fresh', 1.5, 1.1),
  rss_50: less('RSS of the headless program with 50 connected devices', 300, 190, 'MB'),
  rss_500: less('RSS of the headless program with 500 connected devices', 1_500, 700, 'MB'),
  idle_50: less('CPU of one core with 50 idle devices', 10, 3, '%'),
  log_page: less('a page of the log with many rows / with 10,000', 3, 1.5),
  log_search: less('a search of the log with many rows / with 10,000', 3, 1.5),
  start: less('API ready with many rows and 10 devices / with an empty data folder', 2, 1.2),
  first_send: less('process start to the first acknowledged send / bare Baileys from stored keys', 2.5, 1.3),
  media_rss: less('growth of RSS while a file of 64 MiB is uploaded and sent', 96, 48, 'MB'),
  media_rate: more('the same file, call to ack: rate / bare Baileys from a buffer', 0.6, 0.9),
  refuse: more('requests with a bad key / bare Koa hello, per second', 0.4, 0.7),
  window_js: less('JavaScript shipped to the window, gzipped', 450, 350, 'kB'),
}

function more(says: string, defect: number, goal: number): Goal {
  return { says, unit: '', better: 'more', goal, defect }
}

function less(says: string, defect: number, goal: number, unit: Goal['unit'] = ''): Goal {
  return { says, unit, better: 'less', goal, defect }
}

export function isMet(value: number, { better, goal }: Goal): boolean {
  return better === 'more' ? value >= goal : value <= goal
}

export function isDefect(value: number, { better, defect }: Goal): boolean {
  return better === 'more' ? value < defect : value > defect
}
