import type { ColumnTable, ComputeSession, TypedColumn } from '../../ports/compute-engine.ts'
import type { Publication } from '../../ports/destination.ts'

/** Tables of the session that hold what the run's documents say. */
export const RUN_TABLES = {
  segments: 'publication_segment',
  profiles: 'publication_profile',
  transitions: 'publication_transition',
  checks: 'publication_check',
} as const

export async function createRunTables(session: ComputeSession, { validation }: Publication): Promise<void> {
  const { segments, profiles, transitions, checks } = validation
  await session.createTable(
    RUN_TABLES.segments,
    table(segments, {
      segment_key: texts((segment) => segment.segmentKey),
      name: texts((segment) => segment.name),
      description: texts((segment) => segment.description),
      criteria: texts((segment) => segment.criteria),
      status: texts((segment) => segment.status),
      customers: numbers((segment) => segment.customers),
      share: numbers((segment) => segment.share),
      level: numbers((segment) => segment.level),
      parent_segment_key: texts((segment) => segment.parentSegmentKey),
      layer: texts((segment) => segment.layer),
    }),
  )
  await session.createTable(
    RUN_TABLES.profiles,
    table(profiles, {
      segment_key: texts((profile) => profile.segmentKey),
      feature: texts((profile) => profile.feature),
      mean: numbers((profile) => profile.mean),
      median: numbers((profile) => profile.median),
      p10: numbers((profile) => profile.p10),
      p90: numbers((profile) => profile.p90),
      null_share: numbers((profile) => profile.nullShare),
      population_mean: numbers((profile) => profile.populationMean),
      effect_size: numbers((profile) => profile.effectSize),
      lift: numbers((profile) => profile.lift),
      unit: texts((profile) => profile.unit),
    }),
  )
  await session.createTable(
    RUN_TABLES.transitions,
    table(transitions, {
      from_segment_key: texts((transition) => transition.fromSegmentKey),
      to_segment_key: texts((transition) => transition.toSegmentKey),
      move_reason: texts((transition) => transition.moveReason),
      customers: numbers((transition) => transition.customers),
    }),
  )
  await session.createTable(
    RUN_TABLES.checks,
    table(checks, {
      gate: texts((check) => check.gate),
      outcome: texts((check) => check.outcome),
      value: numbers((check) => check.value),
      threshold: texts((check) => check.threshold),
      message: texts((check) => check.message),
    }),
  )
}

type ColumnOf<T> = (rows: readonly T[]) => TypedColumn

function table<T>(rows: readonly T[], columns: Readonly<Record<string, ColumnOf<T>>>): ColumnTable {
  return {
    rowCount: rows.length,
    columns: Object.fromEntries(Object.entries(columns).map(([name, columnOf]) => [name, columnOf(rows)])),
  }
}

function texts<T>(valueOf: (row: T) => string | null): ColumnOf<T> {
  return (rows) => rows.map(valueOf)
}

function numbers<T>(valueOf: (row: T) => number | null): ColumnOf<T> {
  return (rows) => Float64Array.from(rows, (row) => valueOf(row) ?? NaN)
}
