/**
 * Adds up the JSON results of the test suites in a folder and prints `N passed, N failed`, alone on the last
 * line. A step that failed without naming a failed test counts as one: a suite that did not start is no success.
 *
 *   node scripts/sum-results.ts FOLDER FAILED_STEPS
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const suiteResult = z.object({ numPassedTests: z.number(), numFailedTests: z.number() })

const [folder = '.', steps = '0'] = process.argv.slice(2)
const suites = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => suiteResult.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))

const passed = suites.reduce((sum, suite) => sum + suite.numPassedTests, 0)
const failed = Math.max(
  suites.reduce((sum, suite) => sum + suite.numFailedTests, 0),
  Number(steps),
)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
