import type { ComputeSession } from '../ports/compute-engine.ts'
import { MAX_DISTINCT } from '../stages/cleanse/profile.ts'
import type { ColumnTally, Level, RoleTally } from '../stages/cleanse/profile.ts'
import { compileTally } from '../stages/cleanse/tally-sql.ts'
import type { CompiledTally } from '../stages/cleanse/tally-sql.ts'
import { quoteText } from '../sql/sql-text.ts'
import { describeColumns } from './read-artifact.ts'

/** Describes a clean file. @param customers distinct customers of it */
export async function tallyRows(session: ComputeSession, path: string, customers: number): Promise<RoleTally> {
  const file = quoteText(path)
  const compiled = compileTally(file, await describeColumns(session, `read_parquet(${file})`))
  const [overview] = await session.rows(compiled.overview)
  const rows = Number(overview!.rows)
  const values = await countValues(session, compiled, rows, customers)
  const columns: Record<string, ColumnTally> = {}
  for (const [index, { name, kind, isId }] of compiled.columns.entries()) {
    const own = values.get(index)
    columns[name] = {
      kind,
      isId,
      nulls: rows - Number(overview![`present_${index}`]),
      minimum: textOrNull(overview![`minimum_${index}`]),
      maximum: textOrNull(overview![`maximum_${index}`]),
      values: own === undefined || own.length > MAX_DISTINCT ? null : own,
    }
  }
  return { rows, customers, columns }
}

/** Place of a column → its values; absent: too many, as the first rows say. */
async function countValues(
  session: ComputeSession,
  compiled: CompiledTally,
  rows: number,
  customers: number,
): Promise<ReadonlyMap<number, readonly Level[]>> {
  const [probe] = rows > MAX_DISTINCT ? await session.rows(compiled.probe) : []
  const isFew = (name: string, place: number): boolean =>
    Number(probe?.[`distinct_${place}`] ?? 0) <= MAX_DISTINCT && !(name === 'customer_id' && customers > MAX_DISTINCT)
  const places = compiled.columns.flatMap(({ name }, place) => (isFew(name, place) ? [place] : []))
  const values = new Map<number, Level[]>(places.map((place) => [place, []]))
  if (places.length > 0)
    for (const { place, value, rows: count } of await session.rows(compiled.values(places)))
      values.get(Number(place))!.push({ value: String(value), rows: Number(count) })
  return values
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : String(value)
}
