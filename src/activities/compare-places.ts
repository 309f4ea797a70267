import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedFindings } from '../ports/ledger.ts'
import type { Services } from '../ports/services.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import { formatCount } from '../run/figures.ts'
import { MOST_REASONS } from '../run/reasons.ts'
import type { VerifiedPlace } from '../run/verification.ts'
import { readParquet } from '../sql/sql-text.ts'
import type { ModelOutputs } from '../stages/cluster/model.ts'
import { KEPT_LAYER } from '../stages/validate/minimum-change.ts'
import type { PublishedModel } from '../stages/validate/published-model.ts'
import { OVERRIDE_LAYER } from '../stages/validate/resolve-overrides.ts'
import type { Validation } from '../stages/validate/validation.ts'
import type { Attempt } from './attempt.ts'
import { compareRows, fine, listLeftOut, wrong } from './compare-rows.ts'
import { fetchShards, readManifestOf, withSession } from './read-artifact.ts'
import { readDocument } from './read-document.ts'
import type { PlannedVerification } from './verify-activities.ts'

const ROW_COLUMNS = [
  ...['segment_key', 'confidence', 'distance', 'next_segment_key', 'is_outlier', 'is_holdout', 'move_reason', 'layer'],
]

/** What consumers can read of a run, against the rows that it validated: table `validated` of the session. */
export async function comparePlaces(
  services: Services,
  { scratchPath, signal }: Attempt,
  { plan, validation: ref, shards, publicationId }: PlannedVerification,
  candidate: ArtifactRef | null,
): Promise<readonly VerifiedPlace[]> {
  const { definition, pipeline, runKey, revision } = plan
  const store = services.store(definition)
  const { files } = await readManifestOf(store, ref)
  const validation = await readDocument<Validation>(store, ref.uri, files, 'validation')
  const rowFiles = await fetchShards(store, ref, shards)
  const placedFiles = candidate ? await fetchShards(store, candidate, shards) : []
  const run = { pipeline, runKey, revision, prefix: definition.target.prefix.replace(/dry-run\/.*$/, '') }
  const fetched = await services.objects(definition)?.fetchRun(run, scratchPath, signal)
  return withSession(services.engine, { scratchPath, signal }, [...rowFiles, ...placedFiles], async (session) => {
    await session.execute(`CREATE VIEW validated AS SELECT * FROM ${readParquet(rowFiles)}`)
    await listLeftOut(session, await services.ledger(definition).suppressed(pipeline))
    const findings = await services
      .ledger(definition)
      .loadShown(session, publicationId, validation.outputs, scratchPath)
    const places = [
      findings.hasMemberships
        ? await compareRows(session, 'warehouse', 'memberships', 'shown', ['segment_key', 'is_holdout'])
        : fine('warehouse', 'memberships', 'not compared: the history has another run in its place by now'),
      ...(findings.hasValues
        ? [await compareRows(session, 'warehouse', 'values', 'shown_values', valueColumns(validation.outputs))]
        : []),
      ...compareFindings(findings, validation),
    ]
    if (candidate) places.push(await comparePlacements(session, placedFiles, validation.model as PublishedModel))
    if (!services.objects(definition)) return places
    if (!fetched) return [...places, wrong('files', 'manifest', `The files of ${runKey}~${revision} have no manifest.`)]
    if (fetched.digest !== ref.contentDigest)
      places.push(wrong('files', 'manifest', `The manifest of the files is of content ${fetched.digest}.`))
    places.push(
      fetched.damaged.length > 0
        ? wrong('files', 'bytes', `Files that are not what their manifest says: ${fetched.damaged.join(', ')}.`)
        : fine('files', 'bytes', `${formatCount(fetched.files)} files as the manifest says`),
    )
    if (fetched.memberships.length === 0) return places
    await session.execute(`CREATE VIEW published_files AS SELECT * FROM ${readParquet(fetched.memberships)}`)
    places.push(await compareRows(session, 'files', 'memberships', 'published_files', ROW_COLUMNS))
    return places
  })
}

/** Counts stay what they were when customers are erased; those who were left out when it was published are not in them. */
function compareFindings(
  { segments, transitions, leftOut }: PublishedFindings,
  validation: Validation,
): readonly VerifiedPlace[] {
  if (leftOut > 0)
    return [
      fine('warehouse', 'segments', `not compared: ${formatCount(leftOut)} customers were left out as it came out`),
    ]
  const sizes = (list: PublishedFindings['segments']): string =>
    list
      .map(({ segmentKey, customers }) => `${segmentKey} ${customers}`)
      .sort()
      .join()
  const moves = (list: PublishedFindings['transitions']): string =>
    list
      .filter(({ customers }) => customers > 0)
      .map((one) => [one.fromSegmentKey, one.toSegmentKey, one.moveReason, one.customers].join(' '))
      .sort()
      .join()
  return [
    sizes(segments) === sizes(validation.segments)
      ? fine('warehouse', 'segments', `${segments.length} segments with their sizes`)
      : wrong('warehouse', 'segments', 'Segments in the warehouse have other sizes than those that were validated.'),
    moves(transitions) === moves(validation.transitions)
      ? fine('warehouse', 'transitions', 'all moves between segments')
      : wrong('warehouse', 'transitions', 'Transitions in the warehouse are not those that were validated.'),
  ]
}

/** Of a run whose fit cannot be repeated: the recorded model puts the customers who remain where the run had them. */
async function comparePlacements(
  session: ComputeSession,
  placedFiles: readonly string[],
  { segmentKeys }: PublishedModel,
): Promise<VerifiedPlace> {
  const numbers = Int32Array.from(segmentKeys, (_, cluster) => cluster)
  await session.createTable('keys', {
    rowCount: segmentKeys.length,
    columns: { cluster: numbers, segment_key: segmentKeys },
  })
  const [counts] = await session.rows(`
    SELECT count(*) AS customers, count(*) FILTER (WHERE v.customer_id IS NULL OR p.customer_id IS NULL) AS missing,
      count(*) FILTER (WHERE v.segment_key <> k.segment_key AND v.layer NOT IN ('${OVERRIDE_LAYER}', '${KEPT_LAYER}')) AS elsewhere
    FROM validated AS v FULL JOIN ${readParquet(placedFiles)} AS p ON p.customer_id = v.customer_id
    LEFT JOIN keys AS k ON k.cluster = p.cluster`)
  const [missing, elsewhere] = [Number(counts!.missing), Number(counts!.elsewhere)]
  return missing + elsewhere > 0
    ? wrong(
        'warehouse',
        'placements',
        `The recorded model puts ${formatCount(elsewhere)} customers elsewhere, and ${formatCount(missing)} are on one side only.`,
      )
    : fine(
        'warehouse',
        'placements',
        `${formatCount(Number(counts!.customers))} customers where the recorded model puts them`,
      )
}

function valueColumns({ scores, also }: ModelOutputs): readonly string[] {
  const numbered = (name: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${name}_${i + 1}`)
  return [
    ...ROW_COLUMNS,
    ...numbered('score', scores.length),
    ...numbered('also', also.length),
    ...numbered('also_since', also.length),
    ...numbered('reason', MOST_REASONS),
    ...numbered('pull', MOST_REASONS),
  ]
}
