import type { Manifest } from '../run/artifact.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import { quoteName, quoteText, readParquet } from '../sql/sql-text.ts'
import { bucketRanges } from '../stages/cluster/bucket-ranges.ts'
import { compileBuckets } from '../stages/cluster/sql.ts'
import type { FeatureChecksConfig, FeatureSpec } from '../stages/features/config.ts'
import { findNearDuplicates, isConstant, obeyChecks } from '../stages/features/feature-checks.ts'
import type { FeatureFindings } from '../stages/features/feature-checks.ts'
import { fitCategory } from '../stages/features/fit-category.ts'
import { addCompositions, fitComposition, ruleOf } from '../stages/features/fit-composition.ts'
import type { CompositionMoments } from '../stages/features/fit-composition.ts'
import { fitNumber } from '../stages/features/fit-number.ts'
import { allColumns, applyTransforms } from '../stages/features/transform.ts'
import type { FeatureColumns, FittedTransform, FittedTransforms } from '../stages/features/transform.ts'
import type { Attempt } from './attempt.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'
import { describeColumns, withSession } from './read-artifact.ts'

/** Near-duplicates are looked for among about as many customers: those of the first buckets, whoever they are. */
const CORRELATED_ROWS = 100_000

/** One feature at a time, so that memory holds one column of all customers. Shards follow one another in bucket order. */
export async function fitFeatures(
  services: Services,
  attempt: Attempt,
  store: ArtifactStore,
  uri: string,
  parts: readonly Manifest[],
  specs: readonly FeatureSpec[],
  checks: FeatureChecksConfig,
): Promise<{ readonly fitted: FittedTransforms; readonly findings: FeatureFindings }> {
  const paths: string[] = []
  for (const file of parts.flatMap((part) => part.files)) paths.push(await store.fetchFile(uri, file))
  return withSession(services.engine, attempt, paths, async (session) => {
    const rows = new FeatureRows(
      session,
      paths,
      parts.reduce((sum, { rowCount }) => sum + rowCount, 0),
    )
    const buckets = Int32Array.from(await rows.numbers('bucket'))
    const features: FittedTransform[] = []
    for (const spec of specs) {
      features.push(await fitOne(rows, buckets, spec))
      attempt.progress(features.length, specs.length)
    }
    const findings = await lookFor(rows, features, checks)
    return { fitted: obeyChecks(features, findings, checks), findings }
  })
}

async function fitOne(rows: FeatureRows, buckets: Int32Array, spec: FeatureSpec): Promise<FittedTransform> {
  if (spec.type === 'category') return fitCategory(await rows.counts(spec.column), spec)
  if (spec.type !== 'composition') return fitNumber(await rows.numbers(spec.column), buckets, spec)
  const columns = await rows.columnsOf(spec.column)
  let moments: CompositionMoments | undefined
  for (const range of rows.ranges(ROWS_AT_A_TIME)) {
    const read = await rows.buckets([...columns, 'bucket'], range)
    const levels = columns.map((column) => read[column] as Float64Array)
    moments = addCompositions(levels, read.bucket as unknown as Int32Array, ruleOf(spec), moments)
  }
  return fitComposition(
    columns.map((column) => column.slice(spec.column.length + 1)),
    moments ?? [],
    spec,
  )
}

async function lookFor(
  rows: FeatureRows,
  features: readonly FittedTransform[],
  { nearDuplicates }: FeatureChecksConfig,
): Promise<FeatureFindings> {
  const constant = features.filter(isConstant).map(({ name }) => name)
  const numbers = features
    .filter((feature) => feature.kind === 'number' && !feature.isConstant)
    .map((feature) => ({ ...feature, flag: null }) as FittedTransform)
  const fitted = { features: numbers, dropped: [] }
  const [range] = rows.ranges(CORRELATED_ROWS)
  const read = await rows.buckets([...allColumns(fitted), 'bucket'], range!)
  const { values } = applyTransforms(read, fitted, read.bucket!.length)
  const names = numbers.map(({ name }) => name)
  return { constant, nearDuplicates: findNearDuplicates(names, values, nearDuplicates.above) }
}

/** The feature rows of all shards. */
class FeatureRows {
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
