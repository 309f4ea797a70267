import { join } from 'node:path'
import type { ComputeSession } from '../src/ports/compute-engine.ts'
import type { Publication } from '../src/ports/destination.ts'
import type { RunPlan } from '../src/plan/run-plan.ts'
import type { Transition, Validation } from '../src/stages/validate/validation.ts'

const SEGMENTS = 8

/** What was live before a candidate, and who moves: one of so many, from where everybody began, or since the last of many quarters. */
export interface Before {
  readonly runId: string
  readonly moversOneOf: number
  /** From 1: each customer moves in one of `moversOneOf` quarters, and stays there. Absent: those who move are the same in every quarter. */
  readonly quarter?: number
}

/** A validated candidate of so many customers in eight segments, everybody new or a share of them moved. */
export async function makeCandidate(
  session: ComputeSession,
  folder: string,
  asOf: string,
  customers: number,
  before: Before | null,
): Promise<Publication> {
  const path = join(folder, `candidate-${asOf}.parquet`)
  await session.writeParquet(candidateSql(customers, before), 'bucket, customer_id', path)
  const counts = await session.rows(
    `select previous_segment_key, segment_key, move_reason, count(*) as customers from read_parquet('${path}') group by all order by all`,
  )
  const transitions = counts.map((row): Transition => ({
    fromSegmentKey: row.previous_segment_key as string | null,
    toSegmentKey: String(row.segment_key),
    moveReason: row.move_reason as Transition['moveReason'],
    customers: Number(row.customers),
  }))
  const plan = planOf(asOf)
  return {
    plan,
    validation: validationOf(transitions, customers, before),
    digest: `digest of ${plan.runKey}`,
    rowFiles: [path],
    lostFiles: [],
    temporalRunId: 'bench',
    manifestUri: null,
    stages: [],
  }
}

function candidateSql(customers: number, before: Before | null): string {
  const segment = (number: string): string => `'shop-' || (1 + (${number}) % ${SEGMENTS})`
  const every = before?.moversOneOf ?? 1
  const quarter = before?.quarter ?? 0
  // The quarter in which the customer moves, from 1.
  const turn = before?.quarter === undefined ? `i % ${every}` : `${every} - i * 7919 % ${every} - ${quarter}`
  const previous = before ? segment(`i + cast(${turn} < 0 as integer)`) : 'cast(null as varchar)'
  const now = before ? segment(`i + cast(${turn} <= 0 as integer)`) : segment('i')
  const reason = before ? `case when ${turn} = 0 then 'behaviour' end` : "'new'"
  return `
    select cast(md5_number_lower(customer_id) % 256 as integer) as bucket, *
    from (
      select 'C' || lpad(cast(i as varchar), 8, '0') as customer_id, ${now} as segment_key,
        (i * 7919 % 1000) / 1000e0 as confidence, (i * 104729 % 5000) / 1000e0 as distance, ${segment('i + 3')} as next_segment_key,
        i % 200 = 0 as is_outlier, false as is_holdout, ${previous} as previous_segment_key, ${reason} as move_reason, 'cluster' as layer,
        cast(0 as integer) as reason_1, cast(1 as integer) as reason_2, cast(2 as integer) as reason_3,
        (i * 31 % 300) / 100e0 as pull_1, (i * 37 % 200) / 100e0 as pull_2, (i * 41 % 100) / 100e0 as pull_3
      from range(${customers}) numbers(i)
    )`
}

function planOf(asOf: string): RunPlan {
  const runKey = `shop@${asOf}`
  return {
    pipeline: 'shop',
    runKey,
    revision: 1,
    period: asOf.slice(0, 7),
    asOf: `${asOf}T00:00:00.000Z`,
    timezone: 'UTC',
    definitionHash: 'd'.repeat(64),
    definition: { target: { prefix: 'dev/', schema: 'bench', embedded: false }, pipeline: { cluster: { seed: 7 } } },
    options: {},
    kind: 'refit',
    live: null,
    codeVersion: 'bench',
    workflowId: `dev/${runKey}~1`,
    // Publishing reads no more of a definition than the target's prefix and the seed.
  } as unknown as RunPlan
}

function validationOf(transitions: readonly Transition[], customers: number, before: Before | null): Validation {
  const moved = transitions.reduce((sum, one) => sum + (one.moveReason === 'behaviour' ? one.customers : 0), 0)
  const keys = Array.from({ length: SEGMENTS }, (_, cluster) => `shop-${cluster + 1}`)
  const sizeOf = (key: string): number =>
    transitions.reduce((sum, one) => sum + (one.toSegmentKey === key ? one.customers : 0), 0)
  return {
    verdict: 'pass',
    remarks: [],
    canUseLiveModel: false,
    comparison: [],
    checks: [],
    segments: keys.map((segmentKey, cluster) => ({
      segmentKey,
      name: `Segment ${cluster + 1}`,
      customers: sizeOf(segmentKey),
      share: sizeOf(segmentKey) / customers,
      cluster,
      description: '',
      criteria: '',
      status: 'active',
      isNew: before === null,
      ownKey: null,
      level: 0,
      parentSegmentKey: null,
      rule: null,
      stability: null,
      layer: null,
      owner: null,
    })),
    retiredKeys: [],
    transitions,
    lineage: keys.map((key) => ({
      fromSegmentKey: before ? key : null,
      toSegmentKey: key,
      kind: before ? 'survived' : 'appeared',
      overlap: 1,
      parentShare: before ? 1 : null,
      childShare: before ? 1 : null,
    })),
    profiles: [],
    kpis: [],
    campaigns: [],
    playbook: [],
    dataQuality: [],
    modelSelection: [],
    evidence: null,
    ruleFidelity: null,
    outputs: { layers: ['cluster'], scores: [], also: [], reasons: ['recency', 'frequency', 'monetary'] },
    customers,
    panel: before ? customers : 0,
    moved: before ? moved : null,
    comparedWith: before?.runId ?? null,
    cleanRows: customers,
    model: { formatVersion: 1 },
  }
}
