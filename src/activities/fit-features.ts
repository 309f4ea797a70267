import type { ArtifactFile } from '../run/artifact.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Services } from '../ports/services.ts'
import type { FeatureChecksConfig, FeatureSpec } from '../stages/features/config.ts'
import { findNearDuplicates, isConstant, obeyChecks } from '../stages/features/feature-checks.ts'
import type { FeatureFindings } from '../stages/features/feature-checks.ts'
import { fitCategory } from '../stages/features/fit-category.ts'
import { addCompositions, fitComposition, ruleOf } from '../stages/features/fit-composition.ts'
import type { CompositionMoments } from '../stages/features/fit-composition.ts'
import { fitNumber } from '../stages/features/fit-number.ts'
import { allColumns, applyTransforms } from '../stages/features/transform.ts'
import type { FittedTransform, FittedTransforms } from '../stages/features/transform.ts'
import { addShares } from '../stages/features/value-bins.ts'
import type { ValueBins } from '../stages/features/value-bins.ts'
import type { Attempt } from './attempt.ts'
import { FeatureRows } from './feature-rows.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'
import { withSession } from './read-artifact.ts'

/** Near-duplicates are looked for among about as many customers: those of the first buckets, whoever they are. */
const CORRELATED_ROWS = 100_000

/** One feature at a time, so that memory holds few columns of all customers. Shards follow one another in bucket order. */
export async function fitFeatures(
  services: Services,
  attempt: Attempt,
  store: ArtifactStore,
  uri: string,
  files: readonly ArtifactFile[],
  specs: readonly FeatureSpec[],
  checks: FeatureChecksConfig,
): Promise<{ readonly fitted: FittedTransforms; readonly findings: FeatureFindings }> {
  const paths: string[] = []
  for (const file of files) paths.push(await store.fetchFile(uri, file))
  return withSession(services.engine, attempt, paths, async (session) => {
    const rows = new FeatureRows(
      session,
      paths,
      files.reduce((sum, file) => sum + file.rows!.rowCount, 0),
      ['bucket', ...specs.flatMap(numberColumns)],
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

/** The columns that fitting a feature reads whole. */
function numberColumns(spec: FeatureSpec): readonly string[] {
  return spec.type === 'category' || spec.type === 'composition' ? [] : [spec.column]
}

async function fitOne(rows: FeatureRows, buckets: Int32Array, spec: FeatureSpec): Promise<FittedTransform> {
  if (spec.type === 'category') return fitCategory(await rows.counts(spec.column), spec)
  if (spec.type !== 'composition') return fitNumber(await rows.numbers(spec.column), buckets, spec)
  const columns = await rows.columnsOf(spec.column)
  let moments: CompositionMoments | undefined
  let bins: readonly ValueBins[] = columns.map(() => addShares(new Float64Array()))
  for (const range of rows.ranges(ROWS_AT_A_TIME)) {
    const read = await rows.buckets([...columns, 'bucket'], range)
    const levels = columns.map((column) => read[column] as Float64Array)
    moments = addCompositions(levels, read.bucket as unknown as Int32Array, ruleOf(spec), moments)
    bins = levels.map((shares, level) => addShares(shares, bins[level]))
  }
  return fitComposition(
    columns.map((column) => column.slice(spec.column.length + 1)),
    moments ?? [],
    bins,
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
