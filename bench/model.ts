// node bench/model.ts choose|mixture|forecast FOLDER ROWS DIMENSIONS CLUSTERS THREADS: one model, as a line of JSON.
import { fitKMeansModel } from '../src/activities/methods/fit-kmeans.ts'
import { makeKernelPool } from '../src/kernels/kernel-pool.ts'
import { labelNearest } from '../src/kernels/fit-kmeans.ts'
import type { Matrix } from '../src/ports/kernel-pool.ts'
import { clusterConfig } from '../src/stages/cluster/config.ts'
import type { FittedTransforms } from '../src/stages/features/transform.ts'
import { Random } from '../src/demo/random.ts'
import { readKMeansData } from './kmeans-data.ts'

const SAMPLE_ROWS = 50_000
const JUDGED_ROWS = 5_000
const WEEKS = 104

const [work, folder, ...numbers] = process.argv.slice(2)
const [rowCount, dimensions, clusterCount, threads] = numbers.map(Number) as [number, number, number, number]
const pool = makeKernelPool({ threads })
const column = { rowCount: 100_000 * threads, dimensions: 1, values: new Float64Array(100_000 * threads) }
await pool.place(column, Float64Array.of(0), 1)

const { matrix, starts } = readKMeansData(folder!, rowCount, dimensions)
const doWork = { choose: prepareChoosing, mixture: prepareMixture, forecast: prepareForecast }[work!]!()
const startedMs = performance.now()
const before = process.cpuUsage()
const check = await doWork()
const { user, system } = process.cpuUsage(before)
console.log(
  JSON.stringify({
    seconds: (performance.now() - startedMs) / 1000,
    cpuSeconds: (user + system) / 1e6,
    rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    check,
  }),
)
await pool.close()

type Work = () => Promise<Readonly<Record<string, number>>>

function prepareChoosing(): Work {
  // The rows are drawn independently: the first are as good a sample as those that come first by their hash.
  const sample = rowsOf(Math.min(SAMPLE_ROWS, rowCount))
  const features = Array.from({ length: dimensions }, (_, j) => ({ name: `f${j}`, kind: 'number', flag: null }))
  const config = clusterConfig.parse({ method: 'kmeans', count: { from: 2, to: 12 } })
  const input = {
    config,
    customerCount: rowCount,
    historyDays: 730,
    features: { features, dropped: [] } as unknown as FittedTransforms,
    live: null,
    kernels: pool,
    attempt: { signal: new AbortController().signal, progress: () => undefined },
  }
  return async () => {
    const judged = Int32Array.from({ length: Math.min(JUDGED_ROWS, sample.rowCount) }, (_, row) => row)
    await fitKMeansModel(input as never, {
      kernel: 'fast',
      sample: { table: undefined as never, matrix: sample, judged },
      readMore: () => Promise.resolve(matrix),
    })
    return {}
  }
}

function rowsOf(count: number): Matrix {
  return { rowCount: count, dimensions, values: matrix.values.subarray(0, count * dimensions) }
}

function prepareMixture(): Work {
  const { labels } = labelNearest(matrix.values, starts, dimensions)
  const request = {
    ...{ values: Float64Array.from(matrix.values), dimensions, starts: [labels], componentCount: clusterCount },
    ...{ varianceFloor: 1e-6, tolerance: 1e-5, maxIterations: 100 },
  }
  return async () => {
    const { logLikelihood, iterations } = await pool.calculate('fitMixture', [request])
    console.error(`bench: ${iterations} iterations, log-likelihood ${logLikelihood}`)
    return {}
  }
}

/** Customers who buy and die as BG/NBD has it, in whole weeks. */
function prepareForecast(): Work {
  const random = new Random(20_240_607)
  const columns = [0, 0, 0].map(() => new Float64Array(rowCount)) as [Float64Array, Float64Array, Float64Array]
  const [repeats, lastAges, ages] = columns
  for (let i = 0; i < rowCount; i++) {
    const age = 20 + Math.floor(random.share() * (WEEKS - 20))
    const rate = -Math.log(1 - random.share()) / 12
    const dropout = random.share() ** 2
    let at = 0
    for (;;) {
      at += -Math.log(1 - random.share()) / rate
      if (at > age) break
      repeats[i]! += 1
      lastAges[i] = Math.max(1, Math.floor(at))
      if (random.share() < dropout) break
    }
    ages[i] = age
  }
  return async () => {
    // Nobody's spend is known, so that only purchases are fitted.
    const histories = { repeats, lastAges, ages, meanSpends: new Float64Array(rowCount).fill(NaN) }
    const models = await pool.calculate('fitRepeatBuying', [
      { histories, model: 'bgNbd', leastRepeatRows: 1, gapOtherwise: 4 },
    ])
    const scored = await pool.calculate('forecastRepeatBuying', [
      { histories, models, horizon: 13, lifetime: 156, discountRate: 0.002 },
    ])
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
    console.error(`bench: ${sum(scored.alive)} alive, ${sum(scored.purchases)} purchases`)
    return {}
  }
}
