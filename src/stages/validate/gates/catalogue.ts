import { agreement, featureDrift, kpiMix, massChange, membershipChurn, shareDrift } from './comparison-gates.ts'
import { coverage, structuralChange } from './continuity-gates.ts'
import type { GateEntry } from './entry.ts'
import { clusterability, outlierShare, segmentShift, separation, stability } from './fit-gates.ts'
import {
  largestSegment,
  minimumCustomers,
  segmentCount,
  smallestDefinedSegment,
  smallestSegment,
} from './segment-gates.ts'
import { completeness, newLevels, rejectedShare, rowCount, sourceRowChange } from './source-gates.ts'

/** Every gate, in the order in which people read them. */
export const gateCatalogue = {
  membershipChurn,
  minimumCustomers,
  smallestSegment,
  smallestDefinedSegment,
  largestSegment,
  segmentCount,
  coverage,
  rowCount,
  sourceRowChange,
  rejectedShare,
  completeness,
  newLevels,
  outlierShare,
  segmentShift,
  separation,
  stability,
  clusterability,
  agreement,
  structuralChange,
  massChange,
  featureDrift,
  shareDrift,
  kpiMix,
} as const satisfies Readonly<Record<string, GateEntry>>

export type GateName = keyof typeof gateCatalogue

export const gateNames = Object.keys(gateCatalogue) as readonly GateName[]

/** Gates with thresholds of their own for score runs, under `validate.score`. */
export const scoreGateNames = ['membershipChurn', 'outlierShare', 'segmentShift'] as const satisfies readonly GateName[]
export type ScoreGateName = (typeof scoreGateNames)[number]

/** Gates that judge placing by a model from before: their only thresholds are those under `validate.score`. */
export const onlyScoreGateNames = ['outlierShare', 'segmentShift'] as const satisfies readonly ScoreGateName[]
export type RegularGateName = Exclude<GateName, (typeof onlyScoreGateNames)[number]>

export function isOnlyOfScore(gate: string): gate is (typeof onlyScoreGateNames)[number] {
  return onlyScoreGateNames.some((name) => name === gate)
}
