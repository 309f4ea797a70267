import { describe, expect, it } from 'vitest'
import { measuresOf } from '../../src/activities/compared-state.ts'
import { liveFeaturesOf } from '../../src/activities/live-features.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import { planOf } from './candidate-bench.ts'

/** The published model of a run with these features. */
function liveOf(features: readonly unknown[], kept: boolean = true): unknown {
  const plan = planOf({ features })
  const fittedBy = { runId: 'shop@2026-07-01~1', period: '2026-Q2', settings: {} }
  return {
    ...{ formatVersion: 2, segmentKeys: [], measures: measuresOf(plan) },
    fittedBy: kept ? { ...fittedBy, features: plan.definition.pipeline.features } : fittedBy,
  }
}

/** A plan over a source that maps no more than what every source of transactions has. */
function planWith(features: readonly unknown[], cluster: unknown = {}): RunPlan {
  const plan = planOf({ features, cluster, runKey: 'shop@2026-10-01' })
  const sources = { orders: { currency: 'EUR', columns: { customer_id: 'id' }, lookups: [] } }
  const extract = { transactions: 'orders' }
  const { definition } = plan
  return {
    ...plan,
    definition: { ...definition, sources, pipeline: { ...definition.pipeline, extract } },
  } as unknown as RunPlan
}

describe('the features of the live model', () => {
  it('are built beside where the definition asks for others, another window among them', () => {
    const windowed = [{ monetary: { window: '6 months' } }]
    expect(liveFeaturesOf(planWith(windowed), liveOf(['monetary']))).toEqual({ features: ['monetary'] })
    expect(liveFeaturesOf(planWith(['recency', 'monetary']), liveOf(['monetary']))).toEqual({ features: ['monetary'] })
    expect(liveFeaturesOf(planWith(['monetary']), liveOf(windowed))).toEqual({ features: windowed })
  })

  it('are built once where the definition asks for the same, in whatever order and scale', () => {
    expect(liveFeaturesOf(planWith(['recency', 'monetary']), liveOf(['monetary', 'recency']))).toBeUndefined()
    expect(liveFeaturesOf(planWith([{ monetary: { weight: 2 } }]), liveOf(['monetary']))).toBeUndefined()
  })

  it('are not asked for where no model is fitted, or none of ours is live', () => {
    expect(liveFeaturesOf(planWith(['recency'], { refit: 'never' }), liveOf(['monetary']))).toBeUndefined()
    expect(liveFeaturesOf(planWith(['recency']), null)).toBeUndefined()
    expect(liveFeaturesOf(planWith(['recency']), { formatVersion: 1 })).toBeUndefined()
  })

  it('cannot be built where a column is gone, the catalogue does not know them, or nobody kept how: the problem says which', () => {
    const problemOf = (live: unknown): string =>
      (liveFeaturesOf(planWith(['recency']), live) as { problem: string }).problem
    expect(problemOf(liveOf(['preferredChannel']))).toContain('channel')
    expect(problemOf(liveOf(['monetary'], false))).toContain('Nobody kept')
    const unknown = liveOf(['monetary']) as { fittedBy: object }
    expect(problemOf({ ...unknown, fittedBy: { ...unknown.fittedBy, features: ['pastGlory'] } })).toContain('pastGlory')
  })
})
