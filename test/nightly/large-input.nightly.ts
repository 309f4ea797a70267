import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, it } from 'vitest'
import { openShop } from '../e2e/shop.ts'
import { makeKernelPool } from '../../src/kernels/kernel-pool.ts'
import { drawsOf, nightSeed } from './seed.ts'

const ROWS = 1_000_000
const DIMENSIONS = 6
/** A quarter of the shorter heartbeat time-out. */
const LATE_MS = 30_000 / 4
/** Gives a little over two million order lines. */
const CUSTOMERS = 50_000

it(`the main thread comes to its heartbeats while k-means fits ${ROWS} rows`, async () => {
  const draw = drawsOf(nightSeed())
  const values = Float64Array.from({ length: ROWS * DIMENSIONS }, (_, at) => draw() + (at % 5))
  const pool = makeKernelPool({ threads: 2 })
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  try {
    const matrix = { rowCount: ROWS, dimensions: DIMENSIONS, values }
    await pool.kmeans({ matrix, clusterCount: 8, seeds: [1, 2, 3, 4], maxIterations: 300 })
    const longestMs = delay.max / 1e6
    console.log({ longestMs })
    expect(longestMs).toBeLessThan(LATE_MS)
  } finally {
    delay.disable()
    await pool.close()
  }
})

it('two million order lines are segmented by a worker whose JavaScript has 256 MB', async () => {
  const shop = await openShop('nightlarge', { customers: CUSTOMERS })
  try {
    await shop.startWorkerProcess({ NODE_OPTIONS: '--max-old-space-size=256' })
    const { status, stages } = await shop.run(['shop', '--as-of', '2026-10-01'])
    expect(status).toBe('published')
    expect(stages.find(({ stage }) => stage === 'extract')!.rowsIn).toBeGreaterThan(2_000_000)
  } finally {
    await shop.close()
  }
})
