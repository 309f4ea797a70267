import { ArtifactMissing } from '../errors/artifact-missing.ts'
import { CustomerNotFound } from '../errors/customer-not-found.ts'
import { NothingToScoreWith } from '../errors/nothing-to-score-with.ts'
import type { Definition } from '../plan/definition.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import type { Services } from '../ports/services.ts'
import { formatRunId } from '../run/run-key.ts'
import { quoteText, readParquet } from '../sql/sql-text.ts'
import { bucketRanges } from '../stages/cluster/bucket-ranges.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { NearestCustomers } from '../stages/cluster/nearest-customers.ts'
import type { NearCustomer } from '../stages/cluster/nearest-customers.ts'
import { compileCustomer, compileOthers } from '../stages/cluster/sql.ts'
import { asPublishedModel } from '../stages/validate/published-model.ts'
import { dimensionNames } from '../stages/features/transform.ts'
import { coordinatesOf, featureColumns, ROWS_AT_A_TIME } from './coordinates.ts'
import { fetchFiles, withStoredRows } from './stored-rows.ts'

/** What is live, and where its customers are. */
export interface LiveCustomers {
  /** `shop@2026-10-01~1` */
  readonly runId: string
  readonly model: Pick<ClusterModel, 'features'>
  /** Artifact of stage features. */
  readonly featuresUri: string
  /** Artifact of stage validate: every customer's segment. */
  readonly segmentsUri: string
}

/** @throws NothingToScoreWith when nothing is published that customers could be compared by */
export function liveFrom(
  { live, segments }: PublishedState,
  pipeline: string,
): Pick<LiveCustomers, 'runId' | 'model'> & Pick<PublishedState, 'segments'> {
  const model = asPublishedModel(live?.model ?? null)
  if (live && model) return { runId: formatRunId(live), model, segments }
  throw new NothingToScoreWith(
    `Pipeline ${pipeline} has published ${live ? 'nothing by this version' : 'nothing yet'}: there are no features to compare customers by.`,
    `Run it first: resegment run ${pipeline}.`,
  )
}

export interface SimilarCustomer extends NearCustomer {
  readonly segmentKey: string
}

export interface SimilarCustomers {
  readonly customerId: string
  readonly segmentKey: string
  /** The nearest first. */
  readonly similar: readonly SimilarCustomer[]
}

/**
 * The customers nearest to one, over the standardised features of the live model. Looks at everybody, a piece of all customers at a time.
 *
 * @throws CustomerNotFound, ArtifactMissing, ConnectionFailed
 */
export async function findSimilarCustomers(
  services: Pick<Services, 'engine' | 'store'>,
  definition: Definition,
  { runId, model, featuresUri, segmentsUri }: LiveCustomers,
  { customerId, count }: { readonly customerId: string; readonly count: number },
): Promise<SimilarCustomers> {
  const store = services.store(definition)
  const fetchRows = async (uri: string): Promise<{ paths: readonly string[]; rowCount: number }> => {
    const manifest = await store.readManifest(uri, 'manifest')
    if (!manifest)
      throw new ArtifactMissing(
        `The customers of ${runId}, which is live, are not in the artifact store any more (${uri}).`,
        'Publish a new run: `resegment run PIPELINE`, or `resegment run PIPELINE --score`.',
      )
    return { paths: await fetchFiles(store, uri, manifest, 'rows'), rowCount: manifest.rowCount }
  }
  const [features, segments] = [await fetchRows(featuresUri), await fetchRows(segmentsUri)]
  return withStoredRows(services.engine, store, 'similar', [...features.paths, ...segments.paths], async (session) => {
    const relation = readParquet(features.paths)
    const near = await nearestTo(session, relation, features.rowCount, model, customerId, count)
    if (!near)
      throw new CustomerNotFound(
        `Customer ${customerId} is not in ${runId}, which is live.`,
        'Ids are text: see customer_segments.customer_id.',
      )
    const ids = [customerId, ...near.map((one) => one.customerId)].map(quoteText).join(', ')
    const found = await session.rows(
      `SELECT customer_id, segment_key FROM ${readParquet(segments.paths)} WHERE customer_id IN (${ids})`,
    )
    const keys = new Map(found.map((row) => [String(row.customer_id), String(row.segment_key)]))
    const similar = near.map((one) => ({ ...one, segmentKey: keys.get(one.customerId)! }))
    return { customerId, segmentKey: keys.get(customerId)!, similar }
  })
}

/** @returns undefined when the customer is not among them */
async function nearestTo(
  session: ComputeSession,
  relation: string,
  rowCount: number,
  { features }: Pick<ClusterModel, 'features'>,
  customerId: string,
  count: number,
): Promise<readonly NearCustomer[] | undefined> {
  const columns = featureColumns(features)
  const target = await session.columns(compileCustomer(relation, columns, customerId))
  if (target.rowCount === 0) return undefined
  const nearest = new NearestCustomers(coordinatesOf(target, features).values, count)
  for (const { from, to } of bucketRanges(0, 1, rowCount, ROWS_AT_A_TIME)) {
    const piece = await session.columns(compileOthers(relation, columns, { from, to }, customerId))
    nearest.add(piece.columns.customer_id as unknown as readonly string[], coordinatesOf(piece, features).values)
  }
  return nearest.found(dimensionNames(features))
}
