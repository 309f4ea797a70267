import { describe, expect, it } from 'vitest'
import { runDiff } from '../../src/report/run-diff.ts'
import { transitionMatrix } from '../../src/report/transition-matrix.ts'
import { SCREEN_COLUMNS } from '../../src/report/wrap-text.ts'
import type { RunDiff } from '../../src/stages/validate/diff/run-diff.ts'

const told = { asOf: '2026-10-01T00:00:00Z', status: 'published' } as const
const segment = (segmentKey: string, name: string) => ({ segmentKey, name, customers: 0, share: 0 })

const found: RunDiff = {
  formatVersion: 1,
  pipeline: 'shop',
  before: {
    ...told,
    run: 'shop@2026-07-01~1',
    period: '2026-Q2',
    segments: [segment('shop-1', 'Champions'), segment('shop-2', 'Lapsed small spenders of long ago')],
  },
  after: {
    ...told,
    run: 'shop@2026-10-01~1-dry',
    period: '2026-Q3',
    status: 'dry_run',
    segments: [segment('shop-1', 'Champions'), segment('shop-3', 'New')],
  },
  source: 'computed',
  customersBefore: 2_000,
  customers: 2_010,
  panel: 1_900,
  moved: 900,
  transitions: [
    { fromSegmentKey: null, toSegmentKey: 'shop-3', moveReason: 'new', customers: 110 },
    { fromSegmentKey: 'shop-1', toSegmentKey: 'shop-1', moveReason: null, customers: 1_000 },
    { fromSegmentKey: 'shop-2', toSegmentKey: 'shop-3', moveReason: 'relabel', customers: 900 },
    { fromSegmentKey: 'shop-2', toSegmentKey: null, moveReason: 'lost', customers: 100 },
  ],
  withoutReasons: null,
  comparison: [
    { measure: 'new', subject: null, value: 110, previous: null },
    { measure: 'lost', subject: null, value: 100, previous: null },
    { measure: 'adjusted_rand', subject: null, value: 1, previous: null },
    { measure: 'customers', subject: 'shop-1', value: 1_000, previous: 1_000 },
    { measure: 'share', subject: 'shop-1', value: 0.4975, previous: 0.5 },
    { measure: 'jaccard', subject: 'shop-1', value: 1, previous: null },
    { measure: 'customers', subject: 'shop-3', value: 1_010, previous: null },
    { measure: 'share', subject: 'shop-3', value: 0.5025, previous: null },
    { measure: 'customers', subject: 'shop-2', value: 0, previous: 1_000 },
    { measure: 'share', subject: 'shop-2', value: 0, previous: 0.5 },
    { measure: 'kpi_moved', subject: null, value: 0.25, previous: null },
    { measure: 'kpi_share', subject: 'shop-1', value: 0.75, previous: 0.74 },
    { measure: 'feature_drift', subject: 'recency', value: 0.1234, previous: 0.02 },
    { measure: 'feature_ks', subject: 'recency', value: 0.2, previous: null },
  ],
  lineage: [],
  appeared: ['shop-3'],
  ended: ['shop-2'],
}

describe('two runs', () => {
  it('are a screen: populations, segments, who moved and why, agreement, drift', () => {
    expect(runDiff(found).join('\n')).toMatchInlineSnapshot(`
      "shop@2026-07-01~1 (2026-Q2, published) → shop@2026-10-01~1-dry (2026-Q3, dry_run)
      2,000 customers before, 2,010 now: 1,900 in both, 110 only now, 100 only before. 900 of those in
      both (47.4 %) are in another segment.
      Counted anew from what both runs have stored.

      Segment                            Before    Now  Change             Share     Now  Overlap  Key
      Champions                           1,000  1,000       0     0.0 %  50.0 %  49.8 %  100.0 %  shop-1
      New                                     –  1,010  +1,010       new       –  50.2 %        –  shop-3
      Lapsed small spenders of long ago   1,000      0  -1,000  -100.0 %  50.0 %   0.0 %        –  shop-2

      Only now: New (shop-3).
      Only before: Lapsed small spenders of long ago (shop-2).

      From ↓  to →  shop-1  shop-3  gone
      shop-1         1,000       ·     ·
      shop-2             ·     900   100
      not there          ·     110     ·

      Who moved and why:
      From                               To   Customers  Why
      Lapsed small spenders of long ago  New        900  segment changed around them
      –                                  New        110  new customer
      Lapsed small spenders of long ago  –          100  no longer a customer

      Share of today’s spend  By former members  By members now
      Champions                          74.0 %          75.0 %

      Adjusted Rand index           1.000
      Spend in another segment      25.0 %

      Feature  Drift (PSI)  By chance     KS
      recency        0.123      0.020  0.200"
    `)
  })

  it('fit a screen', () => {
    expect(runDiff(found).filter((line) => line.length > SCREEN_COLUMNS)).toEqual([])
  })

  it('say why nobody knows the reasons', () => {
    const text = runDiff({ ...found, withoutReasons: 'The features are gone.' }).join('\n')
    expect(text).toContain('Nobody can say why customers moved. The features are gone.')
    expect(text).not.toContain('Who moved and why')
  })
})

describe('where customers went', () => {
  it('is left out when it is wider than a screen', () => {
    const wide = Array.from({ length: 30 }, (_, i) => ({
      fromSegmentKey: 'shop-1',
      toSegmentKey: `shop-${i}`,
      customers: 1,
    }))
    expect(transitionMatrix(wide)).toEqual([])
  })
})
