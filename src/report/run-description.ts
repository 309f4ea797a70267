import type { LayerEvidence } from '../stages/cluster/hybrid/parameters.ts'
import type { RuleEvidence } from '../stages/cluster/rules/rule-evidence.ts'
import type { OverrideReport } from '../stages/validate/override-report.ts'
import type { SyncRecord } from '../run/activation.ts'
import type { SlowStage } from '../run/stage-durations.ts'
import type { RunStatus, SegmentSummary } from '../run/run-status.ts'
import { layerTable } from './layer-table.ts'
import { overrideLines } from './override-lines.ts'
import { qualityTable } from './quality-table.ts'
import type { QualityFinding } from './quality-table.ts'
import { slowStageLines } from './slow-stages.ts'
import { syncLine } from './sync-line.ts'
import { formatInstant } from '../run/figures.ts'
import { ruleTable } from './rule-table.ts'
import { block, runReport } from './run-report.ts'

/** What is known of a run besides its status. */
export interface RunBackground {
  readonly isLive: boolean
  /** What cleansing found; empty before a publication. */
  readonly dataQuality: readonly QualityFinding[]
  /** What rules did to customers; null for other methods, and before a publication. */
  readonly ruleEvidence: RuleEvidence | null
  /** The same for layers of a hybrid. */
  readonly layerEvidence: LayerEvidence | null
  /** Null where nobody put a customer anywhere, and before a publication. */
  readonly overrides: OverrideReport | null
  readonly events: readonly {
    readonly event: string
    readonly by: string
    readonly reason: string
    /** Who sent it, as Temporal saw it; null: nobody did, or nothing is known. */
    readonly identity: string | null
    readonly recordedAt: string
  }[]
  readonly syncs: readonly SyncRecord[]
  /** Stages that took much longer than they usually do. */
  readonly slowStages: readonly SlowStage[]
  /** The failure message for people; null unless failed. */
  readonly failure: string | null
}

/** A run's whole story: its report, who moved and why, who did what to it. */
export function runDescription(
  status: RunStatus,
  { isLive, dataQuality, ruleEvidence, layerEvidence, overrides, events, syncs, slowStages, failure }: RunBackground,
): readonly string[] {
  return [
    ...runReport(status),
    ...block(slowStageLines(slowStages)),
    ...block(isLive ? ['Consumers see this run now.'] : []),
    ...block(qualityTable(dataQuality)),
    ...block(ruleEvidence === null ? [] : ruleTable(ruleEvidence)),
    ...block(layerEvidence === null ? [] : layerTable(layerEvidence)),
    ...block(overrides === null ? [] : overrideLines(overrides, namesOf(status.segments ?? []))),
    ...block(
      events.map(
        ({ event, by, reason, identity, recordedAt }) =>
          `${formatInstant(recordedAt)}  ${event} by ${by}${identity ? ` (sent by ${identity})` : ''}: ${reason}`,
      ),
    ),
    ...block(syncs.map(syncLine)),
    ...block(failure === null ? [] : [failure]),
  ]
}

/** Names of segments by key; a key without a name stands for itself. */
export function namesOf(segments: readonly Pick<SegmentSummary, 'segmentKey' | 'name'>[]): (key: string) => string {
  const names = new Map(segments.map(({ segmentKey, name }) => [segmentKey, name]))
  return (key) => names.get(key) ?? key
}
