import { describe, expect, it } from 'vitest'
import type { FittedTransforms } from '../../../src/stages/features/transform.ts'
import { decideByDrift, keepModel, mustRefit } from '../../../src/stages/validate/decide-refit.ts'
import type { PublishedModel } from '../../../src/stages/validate/published-model.ts'

const settings = { 'cluster.count': 'a', 'cluster.method': 'k', 'feature recency': 'r' }
const shares = {
  kind: 'composition',
  name: 'categoryShares',
  levels: ['Toys', 'Books'],
  bins: [{ customers: [] }, { customers: [] }],
}
const features = { features: [shares], dropped: [] } as unknown as FittedTransforms
const live = {
  features,
  fittedOn: { sizes: [5, 5], outliers: 0 },
  fittedBy: { runId: 'shop@2026-07-01~1', period: '2026-Q2', settings },
} as unknown as PublishedModel
const thresholds = { featureDrift: { above: 0.25 }, segmentShift: { above: 0.25 }, outlierRise: { above: 0.1 } }
const none = { features: [], segmentShift: 0, outlierRise: 0 }

describe('a run that refits on drift', () => {
  it('fits when there is nothing to keep, or nobody knows what it was fitted on', () => {
    expect(mustRefit(null, settings, features)).toMatchObject({ isRefit: true, ground: 'nothing-live' })
    expect(mustRefit({ model: null, knowsValues: false }, settings, features)).toMatchObject({
      isRefit: true,
      ground: 'other-version',
    })
    const old = { ...live, fittedBy: undefined } as PublishedModel
    expect(mustRefit({ model: old, knowsValues: true }, settings, features)).toMatchObject({
      isRefit: true,
      ground: 'unknown-fit',
    })
  })

  it('fits when the definition was edited, and names the keys', () => {
    const edited = mustRefit(
      { model: live, knowsValues: true },
      { ...settings, 'cluster.count': 'b', 'feature tenure': 't' },
      features,
    )
    expect(edited).toMatchObject({ isRefit: true, ground: 'definition', fittedBy: 'shop@2026-07-01~1' })
    expect(edited!.text).toBe('Refitted, because the definition was edited since: cluster.count, feature tenure.')
    const other = mustRefit(
      { model: live, knowsValues: true },
      { 'cluster.method': 'm', 'cluster.covariance': 'c' },
      features,
    )
    expect(other!.text).toBe('Refitted, because the definition was edited since: cluster.method, feature recency.')
  })

  it('fits when the customers have levels that the model has no columns for, in whatever order', () => {
    const withLevels = (levels: readonly string[]) => ({ features: [{ ...shares, levels }], dropped: [] }) as never
    expect(mustRefit({ model: live, knowsValues: true }, settings, withLevels(['Books', 'Toys']))).toBeNull()
    const other = mustRefit({ model: live, knowsValues: true }, settings, withLevels(['Books', 'Games']))
    expect(other).toMatchObject({ isRefit: true, ground: 'levels' })
    expect(other!.text).toContain('categoryShares has other levels')
  })

  it('says which figure was above what', () => {
    const drift = {
      features: [
        { name: 'frequency', drift: 0.02, byChance: 0.1 },
        { name: 'recency', drift: 0.3149, byChance: 0.1 },
      ],
      segmentShift: 0.2501,
      outlierRise: 0.05,
    }
    expect(decideByDrift(live, drift, thresholds).text).toBe(
      'Refitted, because recency drifted 0.31 > 0.25, the sizes of segments shifted 0.2501 > 0.25 since shop@2026-07-01~1 (2026-Q2) fitted the model.',
    )
    const rise = decideByDrift(live, { ...none, outlierRise: 0.2 }, thresholds)
    expect(rise).toMatchObject({ isRefit: true, ground: 'drift' })
    expect(rise.text).toContain('far from all segments rose by 0.20 > 0.1')
  })

  it('keeps the model while nothing drifted beyond what cluster.drift allows', () => {
    const calm = decideByDrift(
      live,
      { ...none, features: [{ name: 'recency', drift: 0.04, byChance: 0.01 }], segmentShift: 0.25 },
      thresholds,
    )
    expect(calm).toMatchObject({ isRefit: false, ground: 'no-drift', fittedBy: 'shop@2026-07-01~1', thresholds })
    expect(calm.text).toBe(
      'Kept the model of shop@2026-07-01~1 (2026-Q2): recency drifted most, 0.04; sizes of segments shifted 0.25, within what cluster.drift allows.',
    )
  })

  it('does not take chance among few customers for drift', () => {
    const few = { ...none, features: [{ name: 'recency', drift: 0.4, byChance: 0.46 }] }
    const decision = decideByDrift(live, few, thresholds)
    expect(decision.isRefit).toBe(false)
    expect(decision.text).toContain('no more than chance gives among so few customers (0.46)')
  })
})

describe('a run that never refits', () => {
  it('says whose model it kept, and what was edited in vain', () => {
    expect(keepModel(live, settings).text).toBe(
      'Kept the model of shop@2026-07-01~1 (2026-Q2), as cluster.refit: never says.',
    )
    expect(keepModel(live, { ...settings, 'cluster.count': 'b' }).text).toContain(
      'although edited since: cluster.count.',
    )
  })
})
