import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/stack.ts'],
    // A worker thread can't hold Temporal's native library and DuckDB twice; a process can.
    pool: 'forks',
    // Each file may start workers, engines and kernels of its own: more files at once than this only wait for one another.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
})
