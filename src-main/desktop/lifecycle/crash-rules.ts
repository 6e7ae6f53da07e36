/** Milliseconds within which a second failure is no accident any more. */
const repeatWithinMs = 60_000
const soonForMainMs = 10 * 60_000

/** What becomes of a window whose page is gone: loaded again once, then the operator is asked. */
export function afterPageGone(lastAt: number | null, now: number): 'reload' | 'ask' {
  return lastAt === null || now - lastAt > repeatWithinMs ? 'reload' : 'ask'
}

/** What becomes of the program after an error that nothing caught: restarted once, not in circles. */
export function afterUncaught(restartedAt: number | null, now: number): 'restart' | 'end' {
  return restartedAt === null || now - restartedAt > soonForMainMs ? 'restart' : 'end'
}
