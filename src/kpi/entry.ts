import type { KpiName } from '../run/segment-kpi.ts'
import type { TermName } from './terms.ts'

/** What everybody should know of a figure before acting on it. */
export const kpiAttributes = {
  definition: 'Definition',
  insights: 'Insights',
  measurement: 'Measurement approach',
  formula: 'Formula',
  trend: 'Trend analysis',
  diagnostics: 'Diagnostics',
  tips: 'Tips',
  visualisation: 'Visualisation',
  risks: 'Risk warnings',
  tools: 'Tools',
  integration: 'Integration points',
  changeImpact: 'Change impact',
} as const
export type KpiAttribute = keyof typeof kpiAttributes

/**
 * How a figure comes from terms, summed over customers: `share` counts those of `of` among those of `by`, and so has an interval of shares;
 * `mean` is Σ of ÷ Σ by over customers for whom `by` is 1; `ratio` is Σ of ÷ Σ by where customers have different amounts of both.
 */
export interface KpiMeasure {
  readonly kind: 'share' | 'mean' | 'ratio'
  readonly of: TermName
  readonly by: TermName
  /** What the quotient is multiplied by. Absent: 1. */
  readonly times?: number
}

/** An entry of the catalogue. `formula` names terms in backticks: those of `measure`, and no others. */
export interface KpiEntry extends Readonly<Record<KpiAttribute, string>> {
  readonly name: KpiName
  readonly title: string
  readonly unit: 'share' | 'money' | 'points' | 'ratio' | 'count'
  /** Whether a marketer wants more of it. */
  readonly better: 'higher' | 'lower'
  readonly measure: KpiMeasure
  /** Figures that move it: they lead beside it when it is the objective. */
  readonly drivers: readonly KpiName[]
}
