import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { machine, measureInTurn, nodeScript, pythonScript, ratioOf, tableOf, type Contender } from './in-turn.ts'
import { prepareStage, withLines } from './lines-folder.ts'
import { writeNumbers } from './order-lines.ts'

const TARGETS = { sameSql: 1.1, pandas: 0.2 }
const BY_HAND = join(import.meta.dirname, 'lines/features.sql')

/**
 * `npm run bench -- features [LINES [REPETITIONS]]`: twelve features of clean order lines, against the same SQL and an analyst's in DuckDB
 * alone, polars and pandas. Python is RESEGMENT_BENCH_PYTHON or python3; a peer that lacks is left out.
 */
export function benchFeatures(args: readonly string[]): Promise<boolean> {
  const [lines = 10_000_000, repetitions = 3] = args.map(Number)
  return withLines(lines, async (folder) => {
    for (const shards of [1, 0]) for (const stage of ['extract', 'cleanse']) prepareStage(folder, stage, shards)
    const [program, ...command] = nodeScript('run-stage.ts', folder, 'file', 'features-sql', '1', '1')
    const { path } = JSON.parse(execFileSync(program!, command, { encoding: 'utf8' })) as { path: string }
    const numbers = join(folder, 'numbers.parquet')
    await writeNumbers(path, numbers)
    const measured = measureInTurn(contendersFor(folder, path, numbers), repetitions)
    const [one, , same] = [...measured.keys()]
    console.log(`features, ${lines} lines; ${machine()}\n\n${tableOf(measured, one!)}`)
    const pandas = [...measured.keys()].find(({ title }) => title.startsWith('pandas'))
    const isAbove = (other: Contender | undefined, target: number): boolean =>
      other !== undefined && (ratioOf(measured, one!, other) ?? 0) > target
    return isAbove(same, TARGETS.sameSql) || isAbove(pandas, TARGETS.pandas)
  })
}

/** `npm run bench -- cleanse [LINES [REPETITIONS]]`: rules `required`, `types` and `duplicates` over raw order lines. For the record. */
export function benchCleanse(args: readonly string[]): Promise<boolean> {
  const [lines = 10_000_000, repetitions = 3] = args.map(Number)
  return withLines(lines, (folder) => {
    const ours = [1, 0].map((shards) => {
      prepareStage(folder, 'extract', shards)
      return ourStage(folder, 'cleanse', shards)
    })
    const measured = measureInTurn(ours, repetitions)
    console.log(`cleanse, ${lines} lines; ${machine()}\n\n${tableOf(measured, ours[0]!)}`)
    return false
  })
}

function ourStage(folder: string, stage: string, shards: number): Contender {
  return {
    title: `resegment, ${shards === 1 ? '1 shard' : 'default shards'}`,
    // The first revision is that of what was prepared.
    command: (repetition) =>
      nodeScript('run-stage.ts', folder, 'file', stage, String(shards), String(Date.now() + repetition)),
  }
}

/** Ours, ours, the same SQL, then the others. Pandas reads the clean lines as they are, and those that need no casting. @param numbers the clean lines as a script would keep them: ids whole numbers, money floating */
function contendersFor(folder: string, clean: string, numbers: string): readonly Contender[] {
  const duckDb = (title: string, sql: string, lines: string): Contender => ({
    title,
    command: () => nodeScript('run-duckdb.ts', 'query', folder, sql, lines),
  })
  const python = (engine: string, title: string, lines: string): Contender => ({
    title: `${engine}, ${title}`,
    command: () => pythonScript('lines_peers.py', 'features', engine, folder, lines),
  })
  return [
    ourStage(folder, 'features', 1),
    ourStage(folder, 'features', 0),
    duckDb('DuckDB, our SQL', join(folder, 'compiled.sql'), clean),
    duckDb("DuckDB, an analyst's SQL", BY_HAND, clean),
    duckDb("DuckDB, an analyst's SQL, from numbers", BY_HAND, numbers),
    python('polars', 'from numbers', numbers),
    { ...python('pandas', 'from the clean lines', clean), most: 1 },
    { ...python('pandas', 'from numbers', numbers), most: 1 },
  ]
}
