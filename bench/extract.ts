import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { machine, measureInTurn, nodeScript, pythonScript, ratioOf, tableOf, type Contender } from './in-turn.ts'
import { withLines } from './lines-folder.ts'
import { loadOrderLines } from './order-lines.ts'
import { startWarehouse } from './start-warehouse.ts'

const TARGET = 1.2

/**
 * `npm run bench -- extract [LINES [REPETITIONS]]`: order lines from Postgres to a raw artifact, against psql's \copy into a file that DuckDB,
 * pandas or polars make Parquet of. psql is looked for on the PATH; Python is RESEGMENT_BENCH_PYTHON or python3; a peer that lacks is left out.
 */
export function benchExtract(args: readonly string[]): Promise<boolean> {
  const [lines = 5_000_000, repetitions = 3] = args.map(Number)
  return withLines(lines, async (folder) => {
    const stack = await startWarehouse(folder)
    try {
      await loadOrderLines(stack.url, join(folder, 'lines.parquet'))
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
