import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { SourceView } from '../ports/source-reader.ts'
import { toExtractFailure } from '../stages/extract/engine-failures.ts'
import type { Attempt } from './attempt.ts'
import { quoteText } from '../sql/sql-text.ts'

/** Rows that are kept in memory between two steps; more go through a file, which the session's memory limit does not count. */
const ROWS_IN_MEMORY = 1_000_000

/** One reading of all sources of a run: one look at them, one session that holds what was seen. */
export class Extraction {
  readonly session: ComputeSession
  readonly view: SourceView
  readonly plan: RunPlan
  readonly attempt: Attempt
  private kept = 0
  private folders = 0

  constructor(session: ComputeSession, view: SourceView, plan: RunPlan, attempt: Attempt) {
    this.session = session
    this.view = view
    this.plan = plan
    this.attempt = attempt
  }

  /** Runs engine work over a source, its errors told as failures of the source. */
  async run<T>(sourceName: string, doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw toExtractFailure(error, sourceName, doing)
    }
  }

  async row(sql: string): Promise<Readonly<Record<string, unknown>>> {
    const [row] = await this.session.rows(sql)
    return row!
  }

  /** A folder of one request alone. */
  async folder(): Promise<string> {
    const path = join(this.attempt.scratchPath, `read-${(this.folders += 1)}`)
    await mkdir(path, { recursive: true })
    return path
  }

  /** Computes a query once. @param rowCount about how many rows it has; null: nobody knows. @returns the relation that holds them */
  async keep(query: string, rowCount: number | null): Promise<string> {
    this.kept += 1
    const name = `kept_${this.kept}`
    if (rowCount !== null && rowCount <= ROWS_IN_MEMORY) {
      await this.session.execute(`CREATE TEMP TABLE ${name} AS ${query}`)
      return name
    }
    const path = quoteText(join(this.attempt.scratchPath, `${name}.parquet`))
    // Read a few times and thrown away: looking for repeated values would cost more than it saves.
    await this.session.execute(
      `COPY (${query}) TO ${path} (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1)`,
    )
    return `read_parquet(${path})`
  }
}
