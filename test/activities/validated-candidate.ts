import { afterAll, beforeEach } from 'vitest'
import { makeClusterActivities } from '../../src/activities/cluster.ts'
import { readDocument } from '../../src/activities/read-document.ts'
import { makeValidateActivities } from '../../src/activities/validate.ts'
import type { ValidationOutput } from '../../src/activities/activities.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import { formatRunId } from '../../src/run/run-key.ts'
import type { ArtifactRef } from '../../src/run/artifact.ts'
import type { CatalogueSegment } from '../../src/ports/ledger.ts'
import type { Validation } from '../../src/stages/validate/validation.ts'
import { CandidateBench, planOf, type Customer } from './candidate-bench.ts'

export const fixedCount = { cluster: { count: 3 } }
export const firstPlan = planOf({ ...fixedCount, runKey: 'shop@2026-07-01' })
export const secondPlan = planOf({ ...fixedCount, runKey: 'shop@2026-10-01' })

/** A bench for the tests of a file, closed after them; each of them begins with nothing published. */
export async function openBench(): Promise<CandidateBench> {
  const bench = await CandidateBench.open()
  beforeEach(() => {
    bench.published = { state: { live: null, segments: [], newestNumber: 0 }, members: {}, former: [] }
  })
  afterAll(() => bench.close())
  return bench
}

/** What a validation came to, its document and its rows in shard order. */
export interface Validated {
  readonly output: ValidationOutput
  /** Artifact that the candidate was made of. */
  readonly features: ArtifactRef
  readonly validation: Validation
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** The features of the live model, built of the same customers by the plan it was fitted by; or why they cannot be. */
export type LiveBuilt =
  { readonly plan: RunPlan; readonly customers: readonly Customer[] } | { readonly problem: string }

/** Clusters the customers and compares them with what is live on the bench. */
export async function validate(
  on: CandidateBench,
  plan: RunPlan,
  customers: readonly Customer[],
  shardCount = 1,
  live?: LiveBuilt,
): Promise<Validated> {
  const features = await on.commitFeatures(plan, customers, shardCount)
  const clean = await on.commitClean(plan, customers.length * 10)
  const cluster = makeClusterActivities(on.services)
  const fit = await on.run(cluster.fitClusters, plan, features, shardCount)
  for (let shard = 0; shard < shardCount; shard++)
    await on.run(cluster.placeShard, plan, features, shard, shardCount, fit)
  const { ref: candidate } = await on.run(cluster.clusterCustomers, plan, features, shardCount, fit)
  const { validateAgainstPublished } = makeValidateActivities(on.services)
  const ofLive =
    live && ('problem' in live ? live : { features: await on.commitFeatures(live.plan, live.customers, 1) })
  const refs = { clean, features, candidate, ...(ofLive && { live: ofLive }) }
  const output = await on.run(validateAgainstPublished, plan, refs)
  const store = on.services.store(plan.definition)
  const { files } = (await store.readManifest(output.ref.uri, 'manifest'))!
  const validation = await readDocument<Validation>(store, output.ref.uri, files, 'validation')
  return { output, features, validation, rows: await on.rowsOf(output.ref, 'rows') }
}

/** Makes a validated candidate what is live, as publishing would. */
export function publish(
  on: CandidateBench,
  plan: RunPlan,
  { validation, rows }: Validated,
  former: readonly string[] = [],
): void {
  const segments = validation.segments.map(
    ({ segmentKey, name, status, customers, ownKey, level, layer, ...texts }): CatalogueSegment => ({
      segmentKey,
      name,
      description: texts.description,
      criteria: texts.criteria,
      status,
      customers,
      ownKey,
      level,
      layer,
      lastPublicationId: 1,
      lastRun: formatRunId(plan),
    }),
  )
  const { runKey, revision, asOf } = plan
  on.published = {
    state: {
      live: {
        runKey,
        revision,
        asOf,
        publicationId: 1,
        definitionHash: 'd',
        cleanRows: validation.cleanRows,
        comparedWith: null,
        model: validation.model,
      },
      segments,
      newestNumber: 0,
    },
    members: Object.fromEntries(rows.map((row) => [String(row.customer_id), String(row.segment_key)])),
    former,
    heldOut: rows.flatMap((row) => (row.is_holdout === true ? [String(row.customer_id)] : [])),
    overridden: rows.flatMap((row) => (row.layer === 'override' ? [String(row.customer_id)] : [])),
  }
}

export const keyOf = ({ rows }: Validated, id: string): unknown =>
  rows.find((row) => row.customer_id === id)?.segment_key
