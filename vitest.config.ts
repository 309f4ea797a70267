import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Folders whose files take minutes, the slowest first. Begun last, one of them would keep a single worker busy at the end. */
const SLOW = [
  'test/docs/',
  'test/e2e/',
  'test/package/',
  'test/adapters/embedded/',
  'test/workflows/',
  'test/activities/',
]

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const path = relative(import.meta.dirname, moduleId).replaceAll('\\', '/')
      const found = SLOW.findIndex((folder) => path.startsWith(folder))
      return found === -1 ? SLOW.length : found
    }
    // Inside a folder as Vitest has it: what took longest last time, or the largest.
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/stack.ts'],
    // A worker thread can't hold Temporal's native library and DuckDB twice; a process can.
    pool: 'forks',
    // Files of one process after another: most would otherwise spend longer on loading the engine and the SDKs than on their tests.
    isolate: false,
    // Each file may start workers, engines and kernels of its own, so that more at once would only be in one another's way. There are more
    // than two processors because tests of faults wait, for minutes, until Temporal misses the heartbeats of what was killed.
    maxWorkers: 4,
    sequence: { sequencer: SlowestFirst },
    // Ends what hangs, and is no measure of speed: several times the slowest on a machine that others use too.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
})
