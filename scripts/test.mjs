// `npm test [-- FILTER…]`: vitest, and as the last line the count that people and machines look for.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'resegment-test-'))
const resultPath = join(folder, 'result.json')
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const args = ['run', '--pool=forks', '--reporter=default', '--reporter=json', `--outputFile.json=${resultPath}`]
const child = spawn(process.execPath, [vitest, ...args, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
// Ctrl-C reaches vitest too, which stops the servers; we stay to print the count.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
const status = await new Promise((resolve) => {
  child.on('error', () => resolve(127))
  child.on('exit', (code) => resolve(code ?? 1))
})
const { passed, failed, skipped } = count(readResult())
rmSync(folder, { recursive: true, force: true })
// Vitest also fails for what is no test: an error outside of one, a server that did not start.
const failures = Math.max(failed, status === 0 ? 0 : 1)
process.exitCode = failures === 0 ? 0 : 1
process.stdout.write(`\n${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)

function readResult() {
  try {
    return JSON.parse(readFileSync(resultPath, 'utf8'))
  } catch {
    return undefined
  }
}

function count(result) {
  if (!result) return { passed: 0, failed: 1, skipped: 0 }
  // A file that can't be loaded has no tests, and is a failure.
  const unloaded = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + unloaded.length,
    skipped: result.numPendingTests + result.numTodoTests,
  }
}
