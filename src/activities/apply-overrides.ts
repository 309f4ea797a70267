import { resolveInstant } from '../plan/period.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { DataQualityRow } from '../stages/cleanse/data-quality.ts'
import type { ModelOutputs } from '../stages/cluster/model.ts'
import { sourcesByRole } from '../stages/extract/config.ts'
import { rejectedOverrides } from '../stages/validate/override-report.ts'
import type { OverrideReport } from '../stages/validate/override-report.ts'
import { outputsWith, resolveOverrides } from '../stages/validate/resolve-overrides.ts'
import type { Override, OverrideTarget } from '../stages/validate/resolve-overrides.ts'
import {
  compileApplyOverrides,
  compileLevelMembers,
  COUNT_OVERRIDDEN,
  holdersOf,
  OVERRIDDEN_CLUSTERS,
  overridesTable,
} from '../stages/validate/overrides-sql.ts'
import { compileAddStated, segmentQuality, sumStated } from '../stages/validate/stated-overrides.ts'
import type { ComparedSegments, IdentifiedSegments } from './identify-segments.ts'
import { judgeStatedOverrides } from './judge-stated-overrides.ts'

export interface Overridden {
  readonly outputs: ModelOutputs
  /** Null: nobody put anyone anywhere. */
  readonly report: OverrideReport | null
  /** What is wrong with the rows of role `overrides` beside what cleansing found. */
  readonly quality: readonly DataQualityRow[]
}

/** What people say of customers beside the pipeline's file: clean rows of role `overrides`, and what cleansing found in them. */
export interface StatedRows {
  /** Empty without the role. */
  readonly overrideFiles: readonly string[]
  readonly dataQuality: readonly DataQualityRow[]
}

/**
 * Puts customers of table `population` where people say, after the clusters have got their keys: what the method says of everybody
 * decides what a segment is, people decide who else is in it.
 *
 * @throws OverrideUnknown
 */
export async function applyOverrides(
  session: ComputeSession,
  compared: ComparedSegments & StatedRows,
  identified: Pick<IdentifiedSegments, 'matches'>,
): Promise<Overridden> {
  const { plan, model, overrideFiles, dataQuality } = compared
  const { matches } = identified
  const { layers, scores, also, reasons } = model
  const ofMethod: ModelOutputs = { layers, scores, also, reasons }
  const hasSource = overrideFiles.length > 0
  const ofFile = overridesOf(plan)
  if (ofFile.length === 0 && !hasSource) return { outputs: ofMethod, report: null, quality: [] }
  const targets = targetsOf(compared, identified)
  const { active, expired } = resolveOverrides(ofFile, targets, plan.asOf)
  const stated = hasSource
    ? await judgeStatedOverrides(session, overrideFiles, targets, active)
    : { counts: [], reasons: [] }
  const { counts } = stated
  const placed = sumStated(counts, null)
  const rejected = rejectedOverrides(dataQuality)
  const reportOf = (applied: number, conflicts: OverrideReport['conflicts']): OverrideReport => ({
    applied,
    expired: expired + rejected.expired,
    unknownCustomers:
      active.length + placed - applied + sumStated(counts, 'unknown customer') + rejected.unknownCustomers,
    ...(hasSource && {
      source: {
        overruled: sumStated(counts, 'overruled'),
        unknownSegments: sumStated(counts, 'unknown segment'),
        contested: rejected.contested,
        rejected: rejected.rejected,
      },
    }),
    conflicts,
  })
  const quality = segmentQuality(sourcesOf(plan), counts)
  if (active.length + placed === 0) return { outputs: ofMethod, report: reportOf(0, []), quality }
  const outputs = outputsWith(ofMethod, [...active.map(({ reason }) => reason), ...stated.reasons])
  await session.createTable('overrides', overridesTable(active, outputs))
  if (placed > 0) {
    const labels = Int32Array.from(stated.reasons, (reason) => outputs.reasons.lastIndexOf(reason))
    const columns = { reason: stated.reasons, label: labels }
    await session.createTable('stated_reasons', { rowCount: labels.length, columns })
    await session.execute(compileAddStated(outputs))
  }
  const counted = (await session.rows(COUNT_OVERRIDDEN)).map((row) => ({
    fromSegmentKey: matches[Number(row.said)]!.segmentKey,
    toSegmentKey: matches[Number(row.cluster)]!.segmentKey,
    customers: Number(row.customers),
  }))
  const into = (await session.rows(OVERRIDDEN_CLUSTERS)).map(({ cluster }) => Number(cluster))
  const levels = []
  for (let number = 1; number <= also.length; number++) {
    const members = (await session.rows(compileLevelMembers(number))).map(({ cluster }) => Number(cluster))
    levels.push(holdersOf(new Set(members), into, model.clusters))
  }
  await session.execute(compileApplyOverrides(outputs, levels))
  const applied = counted.reduce((sum, { customers }) => sum + customers, 0)
  const conflicts = counted.filter(({ fromSegmentKey, toSegmentKey }) => fromSegmentKey !== toSegmentKey)
  return { outputs, report: reportOf(applied, conflicts), quality }
}

/** What the pipeline's file says. */
function overridesOf({ definition: { pipeline } }: RunPlan): readonly Override[] {
  return (pipeline.overrides ?? []).map((override) => ({
    ...override,
    expires: override.expires === undefined ? null : resolveInstant(pipeline, override.expires),
  }))
}

function sourcesOf({ definition }: RunPlan): readonly string[] {
  return sourcesByRole(definition.pipeline.extract).flatMap(([role, names]) => (role === 'overrides' ? names : []))
}

function targetsOf(
  { plan, state, model }: ComparedSegments,
  { matches }: Pick<IdentifiedSegments, 'matches'>,
): readonly OverrideTarget[] {
  const given = Object.entries(plan.definition.pipeline.segments)
  return matches.flatMap(({ segmentKey }, cluster): OverrideTarget[] => {
    const { level, ownKey, name } = model.clusters[cluster]!
    if (level > 0) return []
    const names = [
      ...given.filter(([, { key }]) => key === segmentKey).map(([one]) => one),
      ...(name === null ? [] : [name]),
      ...state.segments.filter((segment) => segment.segmentKey === segmentKey).map((segment) => segment.name),
    ]
    return [{ cluster, segmentKey, ownKey, names: [...new Set(names)] }]
  })
}
