import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readEnvironment } from '../src/config/environment.ts'
import { startStack } from '../src/wiring/stack.ts'
import { machine, measureInTurn, nodeScript, pythonScript, ratioOf, tableOf, type Contender } from './in-turn.ts'
import { withLines } from './lines-folder.ts'
import { loadOrderLines } from './order-lines.ts'

const TARGET = 1.2

/**
 * `npm run bench -- extract [LINES [REPETITIONS]]`: order lines from Postgres to a raw artifact, against psql's \copy into a file that DuckDB,
 * pandas or polars make Parquet of. psql is looked for on the PATH; Python is RESEGMENT_BENCH_PYTHON or python3; a peer that lacks is left out.
 */
export function benchExtract(args: readonly string[]): Promise<boolean> {
  const [lines = 5_000_000, repetitions = 3] = args.map(Number)
  return withLines(lines, async (folder) => {
    // Only the warehouse is started: the other two are called given.
    const environment = readEnvironment({ TEMPORAL_ADDRESS: '127.0.0.1:1', S3_ENDPOINT: 'http://127.0.0.1:1' })
    const stack = await startStack({ stateFolder: join(folder, 'state'), environment })
    try {
      await loadOrderLines(stack.endpoints.warehouse, join(folder, 'lines.parquet'))
      process.env.WAREHOUSE_URL = stack.endpoints.warehouse
      return compare(folder, lines, repetitions)
    } finally {
      await stack.stop()
    }
  })
}

/** @returns whether the target was missed */
function compare(folder: string, lines: number, repetitions: number): boolean {
  const forget = (): void => rmSync(join(folder, 'store', 'dev', 'table'), { recursive: true, force: true })
  const ours = (title: string, shards: number): Contender => ({
    title,
    command: (repetition) => nodeScript('run-stage.ts', folder, 'table', 'extract', String(shards), String(repetition)),
    after: forget,
  })
  const one = ours('resegment, 1 shard', 1)
  const peer: Contender = { title: 'psql + DuckDB', command: () => nodeScript('run-duckdb.ts', 'dump', folder) }
  const measured = measureInTurn(
    [
      one,
      peer,
      ours('resegment, default shards', 0),
      {
        title: 'psql + DuckDB, rows in our order',
        command: () => nodeScript('run-duckdb.ts', 'dump-ordered', folder),
      },
      { title: 'psql + polars', command: () => pythonScript('lines_peers.py', 'extract', 'polars', folder) },
      { title: 'psql + pandas', most: 1, command: () => pythonScript('lines_peers.py', 'extract', 'pandas', folder) },
    ],
    repetitions,
  )
  console.log(`extract, ${lines} lines; ${machine()}\n\n${tableOf(measured, one)}`)
  const reached = ratioOf(measured, one, peer)
  return reached !== undefined && reached > TARGET
}
