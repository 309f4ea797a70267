// node bench/kmeans-fit.ts ours|ml-kmeans FOLDER ROWS DIMENSIONS CLUSTERS ITERATIONS THREADS: one fit, as a line of JSON.
import { kmeans } from 'ml-kmeans'
import { makeKernelPool } from '../src/kernels/kernel-pool.ts'
import { readKMeansData } from './kmeans-data.ts'

const [engine, folder, ...numbers] = process.argv.slice(2)
const [rowCount, dimensions, clusterCount, maxIterations, threads] = numbers.map(Number) as [
  number,
  number,
  number,
  number,
  number,
]
const { matrix, starts } = readKMeansData(folder!, rowCount, dimensions)
let used = 0
const fit = engine === 'ours' ? await fitOurs() : fitMlKMeans()
console.log(JSON.stringify({ ...fit, cpuSeconds: used, rssMb: Math.round(process.resourceUsage().maxRSS / 1024) }))

async function fitOurs(): Promise<{ seconds: number; iterations: number; inertia: number }> {
  const pool = makeKernelPool({ threads })
  // Starts all threads, as they run in a worker between two steps: what is measured is the fit, packing and the exact last pass with it.
  const rowsToStart = 100_000 * threads
  const column = { rowCount: rowsToStart, dimensions: 1, values: new Float64Array(rowsToStart) }
  await pool.place(column, Float64Array.of(0), 1)
  const startedMs = performance.now()
  const before = process.cpuUsage()
  const request = { matrix, clusterCount, seeds: [], centres: starts, maxIterations, tolerance: 0 }
  const { iterations, inertia } = await pool.kmeans(request)
  const seconds = (performance.now() - startedMs) / 1000
  const { user, system } = process.cpuUsage(before)
  used = (user + system) / 1e6
  await pool.close()
  return { seconds, iterations, inertia }
}

function fitMlKMeans(): { seconds: number; iterations: number; inertia: number } {
  const rowsOf = (values: Float64Array): number[][] =>
    Array.from({ length: values.length / dimensions }, (_, i) => [
      ...values.subarray(i * dimensions, (i + 1) * dimensions),
    ])
  const rows = rowsOf(matrix.values)
  const startedMs = performance.now()
  const before = process.cpuUsage()
  const result = kmeans(rows, clusterCount, { initialization: rowsOf(starts), maxIterations, tolerance: 1e-12 })
  const seconds = (performance.now() - startedMs) / 1000
  const { user, system } = process.cpuUsage(before)
  used = (user + system) / 1e6
  const inertia = result
    .computeInformation(rows)
    .reduce((sum, { error, size }) => sum + (error === -1 ? 0 : error * size), 0)
  return { seconds, iterations: result.iterations, inertia }
}
