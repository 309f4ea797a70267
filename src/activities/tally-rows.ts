import type { ComputeSession } from '../ports/compute-engine.ts'
import { MAX_DISTINCT } from '../stages/cleanse/profile.ts'
import type { ColumnTally, RoleTally } from '../stages/cleanse/profile.ts'
import { compileTally } from '../stages/cleanse/tally-sql.ts'
import { quoteText } from '../sql/sql-text.ts'
import { describeColumns } from './read-artifact.ts'

/** Describes a clean file column by column, so that memory holds the values of one. */
export async function tallyRows(session: ComputeSession, path: string, customers: number): Promise<RoleTally> {
  const file = quoteText(path)
  const compiled = compileTally(file, await describeColumns(session, `read_parquet(${file})`))
  const [overview] = await session.rows(compiled.overview)
  const [probe] = await session.rows(compiled.probe)
  const rows = Number(overview!.rows)
  const columns: Record<string, ColumnTally> = {}
  for (const [index, { name, kind, isId }] of compiled.columns.entries()) {
    const isFew = Number(probe![`distinct_${index}`]) <= MAX_DISTINCT
    const values = isFew ? await session.rows(compiled.values(index)) : null
    columns[name] = {
      kind,
      isId,
      nulls: rows - Number(overview![`present_${index}`]),
      minimum: textOrNull(overview![`minimum_${index}`]),
      maximum: textOrNull(overview![`maximum_${index}`]),
      values:
        values === null || values.length > MAX_DISTINCT
          ? null
          : values.map((row) => ({ value: String(row.value), rows: Number(row.rows) })),
    }
  }
  return { rows, customers, columns }
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : String(value)
}
