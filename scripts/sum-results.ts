/**
 * Adds up the JSON results of the test suites in a folder: names each test that failed, with what it said, and
 * prints `N passed, N failed`, alone on the last line. Who reads only the end of a long run must see there what
 * failed. A step that failed without naming a failed test counts as one: a suite that did not start is no success.
 *
 *   node scripts/sum-results.ts FOLDER FAILED_STEPS
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { z } from 'zod'

const suiteResult = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      // What kept a file from being run, or came after its tests.
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})

const [folder = '.', steps = '0'] = process.argv.slice(2)
const suites = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => suiteResult.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))

for (const file of suites.flatMap((suite) => suite.testResults)) {
  const failedTests = file.assertionResults.filter(({ status }) => status === 'failed')
  for (const test of failedTests) {
    reportFailure(`${file.name}: ${test.fullName}`, test.failureMessages?.join('\n') ?? '')
  }
  if (file.status === 'failed' && failedTests.length === 0) reportFailure(file.name, file.message ?? '')
}

const passed = suites.reduce((sum, suite) => sum + suite.numPassedTests, 0)
const failed = Math.max(
  suites.reduce((sum, suite) => sum + suite.numFailedTests, 0),
  Number(steps),
)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

function reportFailure(what: string, why: string): void {
  const lines = why.split('\n').filter((line) => !line.includes('/node_modules/'))
  console.log(`FAILED ${relative(process.cwd(), what)}\n${lines.slice(0, 25).join('\n')}\n`)
}
