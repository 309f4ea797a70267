import { resolveInstant } from '../plan/period.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { ModelOutputs } from '../stages/cluster/model.ts'
import { outputsWith, resolveOverrides } from '../stages/validate/resolve-overrides.ts'
import type { Override, OverrideReport, OverrideTarget } from '../stages/validate/resolve-overrides.ts'
import {
  compileApplyOverrides,
  compileLevelMembers,
  COUNT_OVERRIDDEN,
  holdersOf,
  overridesTable,
} from '../stages/validate/overrides-sql.ts'
import type { ComparedSegments, IdentifiedSegments } from './identify-segments.ts'

export interface Overridden {
  readonly outputs: ModelOutputs
  /** Null: nobody put anyone anywhere. */
  readonly report: OverrideReport | null
}

/**
 * Puts customers of table `population` where people say, after the clusters have got their keys: what the method says of everybody
 * decides what a segment is, people decide who else is in it.
 *
 * @throws OverrideUnknown
 */
export async function applyOverrides(
  session: ComputeSession,
  { plan, state, model }: ComparedSegments,
  { matches }: Pick<IdentifiedSegments, 'matches'>,
): Promise<Overridden> {
  const { layers, scores, also, reasons } = model
  const ofMethod: ModelOutputs = { layers, scores, also, reasons }
  const { pipeline } = plan.definition
  const written = (pipeline.overrides ?? []).map((override): Override => ({
    ...override,
    expires: override.expires === undefined ? null : resolveInstant(pipeline, override.expires),
  }))
  if (written.length === 0) return { outputs: ofMethod, report: null }
  const given = Object.entries(pipeline.segments)
  const targets = matches.flatMap(({ segmentKey }, cluster): OverrideTarget[] => {
    const { level, ownKey, name } = model.clusters[cluster]!
    if (level > 0) return []
    const names = [
      ...given.filter(([, { key }]) => key === segmentKey).map(([one]) => one),
      ...(name === null ? [] : [name]),
      ...state.segments.filter((segment) => segment.segmentKey === segmentKey).map((segment) => segment.name),
    ]
    return [{ cluster, segmentKey, ownKey, names: [...new Set(names)] }]
  })
  const { active, expired } = resolveOverrides(written, targets, plan.asOf)
  const outputs = outputsWith(ofMethod, active)
  if (active.length === 0) return { outputs, report: { applied: 0, expired, unknownCustomers: 0, conflicts: [] } }
  await session.createTable('overrides', overridesTable(active, outputs))
  const counted = (await session.rows(COUNT_OVERRIDDEN)).map((row) => ({
    fromSegmentKey: matches[Number(row.said)]!.segmentKey,
    toSegmentKey: matches[Number(row.cluster)]!.segmentKey,
    customers: Number(row.customers),
  }))
  const levels = []
  for (let number = 1; number <= also.length; number++) {
    const members = (await session.rows(compileLevelMembers(number))).map(({ cluster }) => Number(cluster))
    levels.push(holdersOf(new Set(members), active, model.clusters))
  }
  await session.execute(compileApplyOverrides(outputs, levels))
  const applied = counted.reduce((sum, { customers }) => sum + customers, 0)
  const conflicts = counted.filter(({ fromSegmentKey, toSegmentKey }) => fromSegmentKey !== toSegmentKey)
  return { outputs, report: { applied, expired, unknownCustomers: active.length - applied, conflicts } }
}
