import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeKMeansData } from './kmeans-data.ts'

const FIT = join(import.meta.dirname, 'kmeans-fit.ts')
const PEERS = join(import.meta.dirname, 'kmeans_peers.py')
const ITERATIONS = 50
const TARGET = 0.8
/** Rows × dimensions × clusters: what ml-kmeans takes a minute or two for. */
const MOST_FOR_ML_KMEANS = 128_000_000

interface Fit {
  readonly seconds: number
  readonly iterations: number
  readonly inertia: number
  /** CPU time of all threads: on a busy machine the better measure. */
  readonly cpuSeconds: number
  readonly rssMb: number
}

interface Engine {
  readonly title: string
  readonly threads: number
  /** Program and its arguments before the folder. */
  readonly command: readonly string[]
}

/** Rows, dimensions, clusters. */
type Shape = readonly [number, number, number]

/**
 * `npm run bench -- kmeans [ROWS DIMENSIONS CLUSTERS [REPETITIONS]]`: the fast kernel against scikit-learn, faiss and ml-kmeans from the same
 * centres, each fit in a process of its own, the engines in turn. Python is RESEGMENT_BENCH_PYTHON or python3; a peer it lacks is left out.
 */
export function benchKMeans(args: readonly string[]): boolean {
  const numbers = args.map(Number)
  const shape: Shape = [numbers[0] ?? 1_000_000, numbers[1] ?? 16, numbers[2] ?? 8]
  const folder = mkdtempSync(join(tmpdir(), 'resegment-kmeans-'))
  try {
    return compare(folder, shape, numbers[3] ?? 5)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @returns whether the target was missed */
function compare(folder: string, shape: Shape, repetitions: number): boolean {
  writeKMeansData(folder, ...shape)
  const measured = new Map<Engine, Fit[]>(enginesFor(shape).map((engine) => [engine, []]))
  for (let repetition = 1; repetition <= repetitions; repetition++)
    for (const [engine, fits] of measured) {
      // It is so slow that once tells enough.
      if (engine.title === 'ml-kmeans' && repetition > 1) continue
      const fit = runFit(engine, folder, shape)
      if (fit) fits.push(fit)
      else measured.delete(engine)
      console.error(
        `bench: ${repetition} of ${repetitions}: ${engine.title}, ${engine.threads}: ${fit?.seconds ?? 'not there'}`,
      )
    }
  const [rows, dimensions, clusters] = shape
  console.log(
    `k-means, ${rows} × ${dimensions}, k = ${clusters}, ${ITERATIONS} iterations; ${cpus().length} cores, Node ${process.version}\n`,
  )
  console.log(
    '| engine | threads | ours ÷ it | min s | median s | ours ÷ it, CPU | CPU s | MB | iterations | inertia |\n|---|---|---|---|---|---|---|---|---|---|',
  )
  const least = (fits: readonly Fit[], what: 'seconds' | 'cpuSeconds'): number =>
    Math.min(...fits.map((fit) => fit[what]))
  const ours = (threads: number): readonly Fit[] =>
    [...measured].find(([engine]) => engine.title === 'resegment' && engine.threads === threads)![1]
  let missed = false
  for (const [{ title, threads }, fits] of measured) {
    const ratio = least(ours(threads), 'seconds') / least(fits, 'seconds')
    if (title === 'scikit-learn Lloyd f32' && ratio > TARGET) missed = true
    const sorted = fits.map(({ seconds }) => seconds).sort((a, b) => a - b)
    const cpu = least(fits, 'cpuSeconds')
    const figures = [
      ratio,
      sorted[0]!,
      sorted[Math.floor(sorted.length / 2)]!,
      least(ours(threads), 'cpuSeconds') / cpu,
      cpu,
    ]
    const memory = Math.max(...fits.map(({ rssMb }) => rssMb))
    const shown = figures.map((value) => value.toFixed(2)).join(' | ')
    console.log(
      `| ${title} | ${threads} | ${shown} | ${memory} | ${fits[0]!.iterations} | ${fits[0]!.inertia.toFixed(2)} |`,
    )
  }
  return missed
}

function enginesFor([rows, dimensions, clusters]: Shape): readonly Engine[] {
  const python = process.env.RESEGMENT_BENCH_PYTHON ?? 'python3'
  const peers = [
    ['scikit-learn Lloyd f32', 'lloyd', 'f32'],
    ['scikit-learn Lloyd f64', 'lloyd', 'f64'],
    ['faiss', 'faiss', 'f32'],
  ] as const
  return [
    ...[1, 2].flatMap((threads) => [
      { title: 'resegment', threads, command: [process.execPath, FIT, 'ours'] },
      ...peers.map(([title, engine, kind]) => ({ title, threads, command: [python, PEERS, engine, kind] })),
    ]),
    ...(rows * dimensions * clusters <= MOST_FOR_ML_KMEANS
      ? [{ title: 'ml-kmeans', threads: 1, command: [process.execPath, FIT, 'ml-kmeans'] }]
      : []),
  ]
}

function runFit({ command, threads }: Engine, folder: string, shape: Shape): Fit | undefined {
  const [file, ...args] = command
  try {
    const numbers = [...shape, ITERATIONS, threads].map(String)
    const text = execFileSync(file!, [...args, folder, ...numbers], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return JSON.parse(text) as Fit
  } catch {
    return undefined
  }
}
