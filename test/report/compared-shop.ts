import type { ComparedRun } from '../../src/report/comparison/compared-run.ts'

/** A name that would be HTML and Markdown if it were let. */
export const HOSTILE = '<script>alert("1")</script> | *b* `c`\n# [d](javascript:e)'
const segment = (segmentKey: string, name: string, customers: number, isNew = false) => ({
  ...{ segmentKey, name, customers, isNew, share: customers / 1_000, status: 'active', level: 0, stability: 0.9 },
})
/** A comparison with a bit of everything: a segment that went on, a new one, one that is gone, moves of a few. */
export const comparedShop: ComparedRun = {
  ...{ runId: 'shop@2026-10-01~1', period: '2026-Q3', asOf: '2026-09-30T22:00:00.000Z' },
  against: { runId: 'shop@2026-07-01~1', asOf: '2026-06-30T22:00:00.000Z' },
  keepsSegments: false,
  findings: {
    verdict: 'hold',
    checks: [
      { gate: 'rowCount', value: 0.1, outcome: 'pass', threshold: null, message: 'Ten percent more.' },
      { gate: 'membershipChurn', value: 0.4, outcome: 'hold', threshold: 'above 0.35', message: HOSTILE },
    ],
    segments: [segment('shop-1', 'Champions', 640), segment('shop-3', HOSTILE, 360, true)],
    transitions: [
      { fromSegmentKey: 'shop-1', toSegmentKey: 'shop-1', moveReason: null, customers: 540 },
      { fromSegmentKey: 'shop-2', toSegmentKey: 'shop-1', moveReason: 'behaviour', customers: 60 },
      { fromSegmentKey: 'shop-2', toSegmentKey: 'shop-1', moveReason: 'boundary', customers: 40 },
      { fromSegmentKey: 'shop-2', toSegmentKey: 'shop-3', moveReason: 'relabel', customers: 297 },
      { fromSegmentKey: 'shop-1', toSegmentKey: 'shop-3', moveReason: 'boundary', customers: 3 },
      { fromSegmentKey: null, toSegmentKey: 'shop-3', moveReason: 'new', customers: 60 },
      { fromSegmentKey: 'shop-1', toSegmentKey: null, moveReason: 'lost', customers: 20 },
    ],
    lineage: [
      {
        ...{ fromSegmentKey: 'shop-2', toSegmentKey: null, kind: 'disappeared', overlap: 0 },
        ...{ parentShare: null, childShare: null },
      },
    ],
    ...{ customers: 1_000, panel: 940, moved: 400 },
    comparison: [
      { measure: 'new', subject: null, value: 60, previous: null },
      { measure: 'returned', subject: null, value: 3, previous: null },
      { measure: 'lost', subject: null, value: 20, previous: null },
      { measure: 'adjusted_rand', subject: null, value: 0.5, previous: null },
      { measure: 'jaccard', subject: 'shop-1', value: 0.75, previous: null },
      { measure: 'customers', subject: 'shop-1', value: 640, previous: 563 },
      { measure: 'customers', subject: 'shop-3', value: 360, previous: null },
      { measure: 'customers', subject: 'shop-2', value: 0, previous: 397 },
      { measure: 'feature_drift', subject: 'recency', value: 0.3, previous: 0.02 },
      { measure: 'feature_drift', subject: 'tenure', value: 0.3, previous: 0.31 },
    ],
  },
  namesBefore: { 'shop-1': 'Champions', 'shop-2': 'Lapsed' },
  choices: [{ command: 'resegment approve shop@2026-10-01~1', text: 'publishes it.' }],
}
