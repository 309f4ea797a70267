import { join } from 'node:path'
import { quoteText } from '../../sql/sql-text.ts'
import type { ColumnTable, ComputeSession } from '../../ports/compute-engine.ts'
import type { Publication } from '../../ports/destination.ts'

export interface RunFile {
  /** Under the run's folder. */
  readonly path: string
  readonly localPath: string
  readonly rows: number
}

const PART_DIGITS = 5
const DIGEST_DIGITS = 12
const SEGMENT_TABLE = 'publication_segment'
const PROFILE_TABLE = 'publication_profile'
const TRANSITION_TABLE = 'publication_transition'

/**
 * Two results of one run and revision may be written at once, so a file's name ends with the start of its result's digest: neither
 * replaces the other's.
 */
function nameFile(stem: string, digest: string): string {
  return `${stem}-${digest.slice(0, DIGEST_DIGITS)}.parquet`
}

/** A file that `makeRunFiles` named, for another result than this. */
export function isOfOtherResult(key: string, digest: string): boolean {
  const found = /-(?<start>[0-9a-f]{12})\.parquet$/.exec(key)?.groups?.start
  return found !== undefined && found !== digest.slice(0, DIGEST_DIGITS)
}

/** Makes the Parquet files of a run in scratch: the columns of the views, as far as they are known before the warehouse has switched. */
export async function makeRunFiles(
  session: ComputeSession,
  publication: Publication,
  scratchPath: string,
): Promise<readonly RunFile[]> {
  await createTables(session, publication)
  const files: RunFile[] = []
  const write = async (stem: string, query: string, orderBy: string): Promise<void> => {
    const path = nameFile(stem, publication.digest)
    const localPath = join(scratchPath, path.replaceAll('/', '-'))
    const { rows } = await session.writeParquet(query, orderBy, localPath)
    files.push({ path, localPath, rows: rows.rowCount })
  }
  const { plan, rowFiles } = publication
  const pipeline = `${quoteText(plan.pipeline)} AS pipeline`
  const asOf = `CAST(${quoteText(plan.asOf)} AS TIMESTAMPTZ) AS as_of`
  const runKey = `${quoteText(plan.runKey)} AS run_key`
  const run = `${pipeline}, ${runKey}, CAST(${plan.revision} AS INTEGER) AS revision`
  for (const [part, path] of rowFiles.entries())
    await write(
      `memberships/part-${String(part).padStart(PART_DIGITS, '0')}`,
      `SELECT ${pipeline}, m.customer_id, m.segment_key, s.name AS segment_name, m.layer, m.confidence, m.distance,
        m.next_segment_key, m.is_outlier, m.is_holdout, m.move_reason, ${asOf}, ${quoteText(plan.period)} AS period, ${runKey}
      FROM read_parquet(${quoteText(path)}) m JOIN ${SEGMENT_TABLE} s USING (segment_key)`,
      'customer_id',
    )
  await writeOutputs(publication, (stem, query, orderBy) => write(stem, query, orderBy), { pipeline, runKey })
  await write(
    'segments',
    `SELECT ${run}, * REPLACE (CAST(customers AS BIGINT) AS customers), ${asOf} FROM ${SEGMENT_TABLE}`,
    'segment_key',
  )
  await write('profiles', `SELECT ${run}, * FROM ${PROFILE_TABLE}`, 'segment_key, feature')
  await write(
    'transitions',
    `SELECT ${run}, * REPLACE (CAST(customers AS BIGINT) AS customers) FROM ${TRANSITION_TABLE}`,
    'from_segment_key, to_segment_key, move_reason',
  )
  return files
}

/** Scores and further memberships as rows of a value each, where the method has them. */
async function writeOutputs(
  { rowFiles, validation }: Publication,
  write: (stem: string, query: string, orderBy: string) => Promise<void>,
  { pipeline, runKey }: { readonly pipeline: string; readonly runKey: string },
): Promise<void> {
  const { scores, also } = validation.outputs
  for (const [part, path] of rowFiles.entries()) {
    const rows = `read_parquet(${quoteText(path)})`
    const number = `part-${String(part).padStart(PART_DIGITS, '0')}`
    const ofScores = scores.map(
      ({ name, unit }, i) =>
        `SELECT ${pipeline}, customer_id, ${quoteText(name)} AS score, score_${i + 1} AS value, ${quoteText(unit)} AS unit, ${runKey} FROM ${rows} WHERE score_${i + 1} IS NOT NULL`,
    )
    if (ofScores.length > 0) await write(`scores/${number}`, ofScores.join(' UNION ALL '), 'customer_id, score')
    const ofAlso = also.map(
      ({ layer }, i) =>
        `SELECT ${pipeline}, customer_id, also_${i + 1} AS segment_key, ${quoteText(layer)} AS layer, also_since_${i + 1} AT TIME ZONE 'UTC' AS since, ${runKey} FROM ${rows} WHERE also_${i + 1} IS NOT NULL`,
    )
    if (ofAlso.length > 0)
      await write(`further-memberships/${number}`, ofAlso.join(' UNION ALL '), 'customer_id, layer, segment_key')
  }
}

async function createTables(session: ComputeSession, { validation }: Publication): Promise<void> {
  const { segments, profiles, transitions } = validation
  await session.createTable(
    SEGMENT_TABLE,
    table(segments.length, {
      segment_key: segments.map((segment) => segment.segmentKey),
      name: segments.map((segment) => segment.name),
      description: segments.map((segment) => segment.description),
      criteria: segments.map((segment) => segment.criteria),
      status: segments.map((segment) => segment.status),
      customers: numbers(segments.map((segment) => segment.customers)),
      share: numbers(segments.map((segment) => segment.share)),
    }),
  )
  await session.createTable(
    PROFILE_TABLE,
    table(profiles.length, {
      segment_key: profiles.map((profile) => profile.segmentKey),
      feature: profiles.map((profile) => profile.feature),
      mean: numbers(profiles.map((profile) => profile.mean)),
      median: numbers(profiles.map((profile) => profile.median)),
      p10: numbers(profiles.map((profile) => profile.p10)),
      p90: numbers(profiles.map((profile) => profile.p90)),
      null_share: numbers(profiles.map((profile) => profile.nullShare)),
      population_mean: numbers(profiles.map((profile) => profile.populationMean)),
      effect_size: numbers(profiles.map((profile) => profile.effectSize)),
      lift: numbers(profiles.map((profile) => profile.lift)),
      unit: profiles.map((profile) => profile.unit),
    }),
  )
  await session.createTable(
    TRANSITION_TABLE,
    table(transitions.length, {
      from_segment_key: transitions.map((transition) => transition.fromSegmentKey),
      to_segment_key: transitions.map((transition) => transition.toSegmentKey),
      move_reason: transitions.map((transition) => transition.moveReason),
      customers: numbers(transitions.map((transition) => transition.customers)),
    }),
  )
}

function table(rowCount: number, columns: ColumnTable['columns']): ColumnTable {
  return { rowCount, columns }
}

function numbers(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? NaN)
}
