import type { ComputeSession } from '../ports/compute-engine.ts'
import { quoteName, quoteText, readParquet } from '../sql/sql-text.ts'
import { bucketRanges } from '../stages/cluster/bucket-ranges.ts'
import { compileBuckets } from '../stages/cluster/sql.ts'
import type { FeatureColumns } from '../stages/features/transform.ts'
import { describeColumns } from './read-artifact.ts'

/** Values held at a time: columns of few customers are read together. */
const VALUES_HELD = 4 * 1_048_576

/** The feature rows of all shards. */
export class FeatureRows {
  private readonly session: ComputeSession
  private readonly paths: readonly string[]
  private readonly rowCount: number
  private awaited: readonly string[]
  private readonly held = new Map<string, Float64Array>()

  /** @param awaited columns that `numbers` will be asked for, once each, in this order */
  constructor(session: ComputeSession, paths: readonly string[], rowCount: number, awaited: readonly string[] = []) {
    this.session = session
    this.paths = paths
    this.rowCount = rowCount
    this.awaited = awaited
  }

  /** A column of all customers, null as NaN. */
  async numbers(name: string): Promise<Float64Array> {
    if (!this.held.has(name)) await this.readWith(name)
    const values = this.held.get(name)!
    this.held.delete(name)
    return values
  }

  private async readWith(name: string): Promise<void> {
    const atATime = Math.max(1, Math.floor(VALUES_HELD / Math.max(1, this.rowCount)))
    const names = [...new Set([name, ...this.awaited])].slice(0, atATime)
    this.awaited = this.awaited.filter((one) => !names.includes(one))
    for (const one of names) this.held.set(one, new Float64Array(this.rowCount))
    // NaN comes cheaper than null, which the library looks up value by value.
    const listed = names
      .map((one) => `coalesce(cast(${quoteName(one)} as double), 'nan') as ${quoteName(one)}`)
      .join(', ')
    let offset = 0
    for (const path of this.paths) {
      const { columns, rowCount } = await this.session.columns(
        `select ${listed} from read_parquet(${quoteText(path)}, file_row_number = true) order by file_row_number`,
      )
      for (const one of names) this.held.get(one)!.set(columns[one] as Float64Array, offset)
      offset += rowCount
    }
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
