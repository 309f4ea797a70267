import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machine, measureInTurn, nodeScript, pythonScript, tableOf } from './in-turn.ts'
import type { Contender } from './in-turn.ts'
import { writeKMeansData } from './kmeans-data.ts'

const DIMENSIONS = 16

/**
 * `npm run bench -- choose [CUSTOMERS [REPETITIONS]]`: how many clusters, 2 to 12? Fits on a sample of 50,000 from five starts each, all that
 * they are judged by on 5,000, and the best one refined on everybody; against a script that does the same steps with scikit-learn.
 */
export function benchChoose(args: readonly string[]): boolean {
  const [customers = 1_000_000, repetitions = 3] = args.map(Number)
  return against('choose', [customers, DIMENSIONS, 8], repetitions)
}

/**
 * `npm run bench -- mixture [ROWS DIMENSIONS COMPONENTS [REPETITIONS]]`: one Gaussian mixture with diagonal covariances from the same
 * partition, against scikit-learn's.
 */
export function benchMixture(args: readonly string[]): boolean {
  const [rows = 50_000, dimensions = 16, components = 8, repetitions = 3] = args.map(Number)
  return against('mixture', [rows, dimensions, components], repetitions)
}

/** `npm run bench -- forecast [CUSTOMERS [REPETITIONS]]`: BG/NBD fitted, and everybody's forecast, against the package lifetimes. */
export function benchForecast(args: readonly string[]): boolean {
  const [customers = 500_000, repetitions = 3] = args.map(Number)
  return against('forecast', [customers, 3, 1], repetitions)
}

/** @param shape rows, dimensions, clusters */
function against(work: string, shape: readonly [number, number, number], repetitions: number): boolean {
  const folder = mkdtempSync(join(tmpdir(), `resegment-${work}-`))
  try {
    writeKMeansData(folder, ...shape)
    const rest = [work, folder, ...shape.map(String)]
    const waysOf = (threads: number): readonly Contender[] => [
      { title: `resegment, threads: ${threads}`, command: () => nodeScript('model.ts', ...rest, String(threads)) },
      { title: `Python, threads: ${threads}`, command: () => pythonScript('model_peers.py', ...rest, String(threads)) },
    ]
    const ways = [1, 2].flatMap(waysOf)
    const measured = measureInTurn(ways, repetitions)
    console.log(`${work}, ${shape[0]} rows; ${repetitions} repetitions; ${machine()}\n`)
    // Each against ours with as many threads.
    for (const threads of [1, 2]) {
      const pair = new Map([...measured].filter(([{ title }]) => title.endsWith(`: ${threads}`)))
      console.log(`${tableOf(pair, [...pair.keys()][0]!)}\n`)
    }
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}
