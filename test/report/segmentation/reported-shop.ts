import type { ReportedRun } from '../../../src/report/segmentation/describe-report.ts'
import type { Sketch } from '../../../src/report/segmentation/sketch.ts'
import type { Validation } from '../../../src/stages/validate/validation.ts'
import { comparedShop, HOSTILE } from '../compared-shop.ts'

const profile = (segmentKey: string, feature: string, unit: string, mean: number, effectSize: number) => ({
  ...{ segmentKey, feature, unit, mean, effectSize, median: mean, p10: mean, p90: mean, nullShare: 0 },
  ...{ populationMean: 100, lift: mean / 100 },
})
const { findings } = comparedShop

/** The compared shop with what else its report is made of. */
export const reportedShop: ReportedRun = {
  validation: {
    ...findings,
    segments: findings.segments.map((segment) => ({
      ...segment,
      ...{ cluster: 0, description: '', criteria: '', rule: null, ownKey: null, parentSegmentKey: null },
      ...{ layer: null, owner: null },
    })),
    profiles: [
      profile('shop-1', 'monetary', 'EUR', 150, 0.9),
      profile('shop-3', 'monetary', 'EUR', 50, -0.9),
      profile('shop-1', 'channel: web', 'share', 0.75, 0.4),
    ],
    ...{ kpis: [], campaigns: [], playbook: [] },
    ...{ retiredKeys: ['shop-2'], dataQuality: [], modelSelection: [], evidence: null, ruleFidelity: null },
    ...{ comparedWith: 'shop@2026-07-01~1', cleanRows: 5_000, remarks: [], canUseLiveModel: true, model: null },
    outputs: { layers: [], scores: [], also: [], reasons: [] },
  } as unknown as Validation,
  sketch: {
    ...{ formatVersion: 1, runId: comparedShop.runId, pipeline: 'shop', description: HOSTILE },
    ...{ period: comparedShop.period, asOf: comparedShop.asOf, kind: 'refit', codeVersion: '0.1.0' },
    ...{
      definitionHash: 'ab'.repeat(32),
      targetName: 'prod',
      method: 'kmeans',
      seed: 7,
      fittedCustomers: 1_000,
      owner: 'growth',
      objective: null,
    },
    ...{ sources: { order_lines: 'transactions' }, against: comparedShop.against },
    namesBefore: comparedShop.namesBefore,
    features: [{ name: 'monetary', group: 'value', meaning: 'What the customer spent.' }],
    moneyFeature: 'monetary',
    map: {
      ...{ customers: 1_000, withheldShare: 0.01, explained: [0.5, 0.2] },
      segments: ['shop-1', 'shop-3'].map((segmentKey, i) => ({
        ...{ segmentKey, x: i, y: -i, outline: { major: 1, minor: 0.5, angle: 0.3 } },
        cells: [
          [i, -i, 40],
          [i + 1, -i, 7],
        ],
      })),
    },
    typical: [{ segmentKey: 'shop-1', values: { monetary: 150 } }],
    scores: [],
    proposals: {
      ...{ segments: 2, borders: 1 },
      proposals: [
        {
          ...{ kind: 'split', segmentKey: 'shop-1', customers: 640, smaller: 0.25, dip: 0.061, p: 0 },
          ...{ silhouette: 0.58, feature: 'monetary', explained: 0.84, border: 120 },
        },
      ],
    },
  } satisfies Sketch,
  decision: { decision: 'approved', by: 'ada', reason: 'as expected' },
}
