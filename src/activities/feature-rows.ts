import type { ComputeSession } from '../ports/compute-engine.ts'
import { quoteName, quoteText, readParquet } from '../sql/sql-text.ts'
import { bucketRanges } from '../stages/cluster/bucket-ranges.ts'
import { compileBuckets } from '../stages/cluster/sql.ts'
import type { FeatureColumns } from '../stages/features/transform.ts'
import { describeColumns } from './read-artifact.ts'

/** The feature rows of all shards. */
export class FeatureRows {
  private readonly session: ComputeSession
  private readonly paths: readonly string[]
  private readonly rowCount: number

  constructor(session: ComputeSession, paths: readonly string[], rowCount: number) {
    this.session = session
    this.paths = paths
    this.rowCount = rowCount
  }

  /** A column of all customers, null as NaN. */
  async numbers(name: string): Promise<Float64Array> {
    const joined = new Float64Array(this.rowCount)
    let offset = 0
    for (const path of this.paths) {
      const { columns, rowCount } = await this.session.columns(
        `select cast(${quoteName(name)} as double) as value from read_parquet(${quoteText(path)}, file_row_number = true) order by file_row_number`,
      )
      joined.set(columns.value as Float64Array, offset)
      offset += rowCount
    }
    return joined
  }

  /** Customers by value. */
  async counts(name: string): Promise<readonly { readonly value: string | null; readonly count: number }[]> {
    const rows = await this.session.rows(
      `select ${quoteName(name)} as value, count(*) as customers from ${readParquet(this.paths)} group by value order by value`,
    )
    return rows.map(({ value, customers }) => ({ value: value as string | null, count: Number(customers) }))
  }

  /** Columns of a composition, in order. */
  async columnsOf(composition: string): Promise<readonly string[]> {
    const described = await describeColumns(this.session, readParquet(this.paths))
    return described.map(({ name }) => name).filter((name) => name.startsWith(`${composition}:`))
  }

  /** Ranges of buckets of about as many rows each. */
  ranges(rowCount: number): ReturnType<typeof bucketRanges> {
    return bucketRanges(0, 1, this.rowCount, rowCount)
  }

  async buckets(names: readonly string[], range: { readonly from: number; readonly to: number }) {
    const query = compileBuckets(readParquet(this.paths), names, range.from, range.to)
    return (await this.session.columns(query)).columns as unknown as FeatureColumns
  }
}
