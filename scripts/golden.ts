import { spawnSync } from 'node:child_process'

/** Test files that compare with files in test/golden, and with the contract. */
const tests = ['test/adapters/warehouse/migrate.test.ts', 'test/adapters/warehouse/contract.test.ts']

// The flag comes last: it would take a file name for its value.
// Writes the files anew, through the tests that compare with them. Look at the difference before you commit it.
const { status } = spawnSync('vitest', ['run', ...tests, '--update'], { stdio: 'inherit' })
process.exitCode = status ?? 1
