import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import type { Publication } from '../../../src/ports/destination.ts'
import type { RunPlan } from '../../../src/plan/run-plan.ts'
import type { MoveReason } from '../../../src/run/transition.ts'
import type { Transition, Validation } from '../../../src/stages/validate/validation.ts'
import { makeDuckDbEngine } from '../../../src/adapters/duckdb/engine.ts'
import { columnQuality, ruleQuality } from './quality-rows.ts'

/** customer id → segment key; `!` after the key puts the customer into the holdout. */
export type Members = ReadonlyMap<string, string>

/** What a run would publish. */
export interface RunPublication extends Publication {
  readonly plan: RunPlan
}

export interface CandidateOptions {
  readonly pipeline?: string
  readonly asOf: string
  readonly revision?: number
  readonly digest?: string
  readonly members: Members
  /** What was live when this candidate was validated: its run and members. */
  readonly before?: { readonly runId: string; readonly members: Members }
  /** Customers that were members once and are not in `before`. */
  readonly former?: ReadonlySet<string>
  /** What the method says beside the segment: everybody has a further membership of `also`, and this value of score `p_alive`. */
  readonly method?: { readonly also: string; readonly since: string; readonly pAlive: number }
  readonly overridden?: string
  /** It fills in the past. */
  readonly historical?: boolean
  readonly shards?: number
}

/** @param readable folder of files that another session made */
export async function openSession(readable?: string): Promise<{ session: ComputeSession; scratchPath: string }> {
  const scratchPath = await mkdtemp(join(tmpdir(), 'resegment-publish-'))
  const readablePaths = readable === undefined ? [] : [readable]
  const session = await makeDuckDbEngine({ threads: 1, memoryLimit: '256MB' }).open({ scratchPath, readablePaths })
  return { session, scratchPath }
}

/** `a shop-1, b shop-2!` */
export function members(text: string): Members {
  return new Map(text.split(', ').map((pair) => pair.split(' ') as [string, string]))
}

export function segmentOf(text: string): string {
  return text.replace('!', '')
}

export function makePlan(pipeline: string, asOf: string, revision: number, historical = false): RunPlan {
  const runKey = `${pipeline}@${asOf.slice(0, 10)}`
  return {
    pipeline,
    runKey,
    revision,
    period: asOf.slice(0, 7),
    asOf,
    timezone: 'UTC',
    definitionHash: 'd'.repeat(64),
    definition: {
      target: { prefix: 'dev/', schema: 'unused', embedded: false },
      pipeline: { cluster: { seed: 7 }, publish: {} },
    },
    ...{ options: historical ? { historical } : {}, kind: 'refit', live: null },
    codeVersion: '0.0.0-test',
    workflowId: `dev/${runKey}~${revision}`,
    // Publishing reads no more of a definition than the target's prefix, the seed and what is published.
  } as unknown as RunPlan
}

let fileCount = 0

/** A validated candidate whose figures were counted here, one customer at a time. */
export async function makeCandidate(
  { session, scratchPath }: { session: ComputeSession; scratchPath: string },
  options: CandidateOptions,
): Promise<RunPublication> {
  const { pipeline = 'shop', asOf, revision = 1, members, before, former, shards = 1, method } = options
  const ofMethod = method
    ? `${method.pAlive} AS score_1, '${method.also}' AS also_1, TIMESTAMP '${method.since}' AS also_since_1,`
    : ''
  const plan = makePlan(pipeline, asOf, revision, options.historical)
  const rows = [...members].map(([customerId, text]) => {
    const previous = before?.members.get(customerId)
    return {
      customerId,
      segmentKey: segmentOf(text),
      isHoldout: text.endsWith('!') ? 1 : 0,
      previous: previous === undefined ? null : segmentOf(previous),
      reason: reasonOf(previous, text, former?.has(customerId) ?? false),
    }
  })
  const lost = [...(before?.members.keys() ?? [])].filter((customerId) => !members.has(customerId))
  const table = `candidate_${++fileCount}`
  await session.createTable(table, {
    rowCount: rows.length,
    columns: {
      customer_id: rows.map((row) => row.customerId),
      segment_key: rows.map((row) => row.segmentKey),
      holdout: Int32Array.from(rows, (row) => row.isHoldout),
      previous_segment_key: rows.map((row) => row.previous),
      move_reason: rows.map((row) => row.reason),
    },
  })
  const rowFiles: string[] = []
  for (let shard = 0; shard < shards; shard++) {
    const query = `SELECT * FROM (SELECT CAST(md5_number_lower(customer_id) % 256 AS INTEGER) AS bucket, customer_id, segment_key,
        0.5 AS confidence, CAST(NULL AS DOUBLE) AS distance, CAST(NULL AS VARCHAR) AS next_segment_key, false AS is_outlier,
        holdout = 1 AS is_holdout, previous_segment_key, move_reason,
        CASE customer_id WHEN '${options.overridden ?? ''}' THEN 'override' ELSE 'cluster' END AS layer, ${ofMethod}
        CAST(1 AS INTEGER) AS reason_1, CAST(0 AS INTEGER) AS reason_2, CAST(NULL AS INTEGER) AS reason_3,
        -1.5::DOUBLE AS pull_1, 0.25::DOUBLE AS pull_2, CAST(NULL AS DOUBLE) AS pull_3 FROM ${table})
      WHERE bucket * ${shards} // 256 = ${shard}`
    const path = join(scratchPath, `${table}-${shard}.parquet`)
    await session.writeParquet(query, 'bucket, customer_id', path)
    rowFiles.push(path)
  }
  return {
    plan,
    validation: withMethod(makeValidation(rows, lost, before, members, options.historical), method),
    digest: options.digest ?? `digest of ${plan.runKey}~${revision}`,
    rowFiles,
    lostFiles: [],
    temporalRunId: 'temporal-run',
    manifestUri: null,
    stages: [],
  }
}

/** The further segment holds the one of everybody, so it is of level 1. */
function withMethod(validation: Validation, method: CandidateOptions['method']): Validation {
  if (!method) return validation
  const { outputs, segments } = validation
  const further = { ...segments[0]!, segmentKey: method.also, name: 'Further', level: 1, cluster: segments.length }
  return {
    ...validation,
    segments: [...segments.map((segment) => ({ ...segment, parentSegmentKey: method.also })), further],
    outputs: { ...outputs, scores: [{ name: 'p_alive', unit: 'share' }], also: [{ layer: 'macro' }] },
  }
}

function reasonOf(previous: string | undefined, now: string, isFormer: boolean): MoveReason | null {
  if (previous === undefined) return isFormer ? 'returned' : 'new'
  return segmentOf(previous) === segmentOf(now) ? null : 'behaviour'
}

interface Row {
  readonly customerId: string
  readonly segmentKey: string
  readonly previous: string | null
  readonly reason: MoveReason | null
}

function makeValidation(
  rows: readonly Row[],
  lost: readonly string[],
  before: CandidateOptions['before'],
  members: Members,
  historical = false,
): Validation {
  const transitions = new Map<string, Transition>()
  const count = (fromSegmentKey: string | null, toSegmentKey: string | null, moveReason: MoveReason | null): void => {
    const key = [fromSegmentKey, toSegmentKey, moveReason].join()
    const customers = (transitions.get(key)?.customers ?? 0) + 1
    transitions.set(key, { fromSegmentKey, toSegmentKey, moveReason, customers })
  }
  for (const row of rows) count(row.previous, row.segmentKey, row.reason)
  for (const customerId of lost) count(segmentOf(before!.members.get(customerId)!), null, 'lost')
  const keys = [...new Set([...members.values()].map(segmentOf))].sort()
  const panel = rows.filter((row) => row.previous !== null)
  return {
    verdict: 'pass',
    remarks: [],
    canUseLiveModel: false,
    comparison: before
      ? [
          { measure: 'adjusted_rand', subject: null, value: 0.8, previous: null },
          { measure: 'customers', subject: 'shop-1', value: 3, previous: 2 },
        ]
      : [],
    checks: [{ gate: 'membershipChurn', value: 0.1, outcome: 'pass', threshold: null, message: 'A tenth moved.' }],
    segments: keys.map((segmentKey, cluster) => {
      const customers = rows.filter((row) => row.segmentKey === segmentKey).length
      return {
        segmentKey,
        name: `Name of ${segmentKey}`,
        customers,
        share: customers / rows.length,
        cluster,
        ...{ description: '', criteria: 'recency 0.2 × the average' },
        status: 'active' as const,
        isNew: before === undefined && !historical,
        ...{ ownKey: null, level: 0, parentSegmentKey: null, layer: null, owner: null, rule: null, stability: null },
      }
    }),
    retiredKeys: [],
    transitions: [...transitions.values()],
    lineage: keys.map((key) => ({
      fromSegmentKey: before ? key : null,
      toSegmentKey: key,
      kind: before ? 'survived' : 'appeared',
      overlap: 1,
      ...(before ? { parentShare: 1, childShare: 1 } : { parentShare: null, childShare: null }),
    })),
    profiles: keys.map((segmentKey) => ({
      segmentKey,
      feature: 'recency',
      unit: 'days',
      mean: 3,
      median: 2,
      p10: 1,
      p90: 9,
      nullShare: 0,
      populationMean: 4,
      effectSize: null,
      lift: 0.75,
    })),
    kpis: [],
    campaigns: [],
    playbook: [],
    dataQuality: [
      ...ruleQuality({ rule: 'required', action: 'drop', matched: before ? 3 : 1, rejected: 1, fixed: 0 }),
      ...columnQuality({ column: 'amount', nulls: 0, distinct: null, minimum: '1.0000', maximum: '9.5000' }),
    ],
    modelSelection: [
      { method: 'kmeans', clusterCount: 3, silhouette: 0.4, inertia: 12.5, smallestShare: 0.1, chosen: true },
    ],
    ...{ evidence: null, ruleFidelity: null },
    outputs: { layers: ['cluster', 'override'], scores: [], also: [], reasons: ['recency', 'frequency'] },
    customers: rows.length,
    panel: panel.length,
    moved: before ? panel.filter((row) => row.previous !== row.segmentKey).length : null,
    comparedWith: before?.runId ?? null,
    cleanRows: 98,
    model: { formatVersion: 1, centres: [[0.1, 1e-7]] },
  }
}
