import type { Pipeline } from '../plan/pipeline.ts'
import type { GateUnit } from '../run/figures.ts'
import type { RunKind } from '../run/run-kind.ts'
import { gateCatalogue, gateNames, isOnlyOfScore } from '../stages/validate/gates/catalogue.ts'
import { gatesOf } from '../stages/validate/gates/check-gates.ts'
import type { GateEntry } from '../stages/validate/gates/entry.ts'
import { unknownEffect } from '../stages/validate/gates/judge.ts'
import { firstRunText } from '../stages/validate/gates/policy-text.ts'
import { replayGates, type RecordedRun, type ReplayedRun } from '../stages/validate/gates/replay-gates.ts'
import { levelsText } from '../stages/validate/gates/thresholds.ts'

export type { RecordedRun, ReplayedRun }

/** A gate of the catalogue, in words. */
export interface ListedGate {
  readonly gate: string
  readonly kind: GateEntry['kind']
  readonly unit: GateUnit
  readonly meaning: string
  readonly formula: string
  /** Default thresholds; of score runs after a semicolon, where they are others. */
  readonly thresholds: string
  readonly source: string
  readonly why: string
  readonly remedy: string
  /** Takes thresholds for single segments. */
  readonly bySegment: boolean
}

/** Every gate, in its own order. */
export function listGates(): readonly ListedGate[] {
  return gateNames.map((gate) => {
    const entry: GateEntry = gateCatalogue[gate]
    const { kind, unit, meaning, formula, source, why, remedy, defaults, scoreDefaults, bySegment = false } = entry
    const ofScore = scoreDefaults ? [`${isOnlyOfScore(gate) ? '' : 'score runs: '}${levelsText(scoreDefaults)}`] : []
    const thresholds = [...(isOnlyOfScore(gate) ? [] : [levelsText(defaults)]), ...ofScore].join('; ')
    return { gate, kind, unit, meaning, formula, thresholds, source, why, remedy, bySegment }
  })
}

/** A gate as a pipeline has it. */
export interface PipelineGate {
  readonly gate: string
  readonly kind: GateEntry['kind']
  readonly unit: GateUnit
  readonly meaning: string
  readonly thresholds: string
  /** Thresholds of single segments: `shop-3: hold below 0.05`. */
  readonly segments: readonly string[]
  readonly whenNotComputable: string
  readonly firstRun: string
}

/** Gates of regular or of score runs of a pipeline, with everything that decides about them. */
export function pipelineGates({ validate }: Pipeline, kind: RunKind): readonly PipelineGate[] {
  const names = new Set<string>()
  // A regular run may keep the live model: then its gates count too.
  const configured = (kind === 'score' ? (['score'] as const) : (['fitted', 'kept'] as const))
    .flatMap((run) => gatesOf(validate, run))
    .filter(({ gate }) => !names.has(gate) && names.add(gate))
  return configured.map(({ gate, entry, thresholds }) => ({
    gate,
    kind: entry.kind,
    unit: entry.unit,
    meaning: entry.meaning,
    thresholds: levelsText(thresholds),
    segments: Object.entries(thresholds.segments ?? {}).map(([key, levels]) => `${key}: ${levelsText(levels)}`),
    whenNotComputable: unknownEffect(thresholds, validate),
    firstRun: firstRunText(entry, validate),
  }))
}

/** What a past run would have come to under a pipeline's gates as they are now. */
export function replayRun({ validate }: Pipeline, run: RecordedRun): ReplayedRun {
  return replayGates(validate, run)
}
