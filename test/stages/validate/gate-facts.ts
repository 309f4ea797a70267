import type { GateFacts } from '../../../src/stages/validate/check-gates.ts'

/** A second run with nothing to complain of. */
export const facts: GateFacts = {
  kind: 'refit',
  isKept: false,
  placed: { sizes: [600, 390, 1_010], outliers: 90 },
  fittedOn: { sizes: [600, 390, 1_010], outliers: 90 },
  segments: [
    { segmentKey: 'shop-1', name: 'Frequent', customers: 600, ownKey: null, stability: 0.9 },
    { segmentKey: 'shop-2', name: 'Lapsed', customers: 390, ownKey: null, stability: 0.8 },
    { segmentKey: 'shop-3', name: 'New', customers: 1_010, ownKey: null, stability: 0.95 },
  ],
  model: {
    method: 'kmeans',
    evidence: {
      clusterability: { hopkins: 0.97, dip: 0.02, dipP: 0.012 },
      jaccards: [0.9, 0.8, 0.95],
      predictionStrength: 0.71,
    },
  },
  customers: 2_000,
  cleanRows: 12_345,
  sourceRows: { orders: 13_000, customers: 2_050, survey: 40 },
  newLevels: {
    categories: 2,
    compared: 2,
    customers: 15,
    levels: [
      { feature: 'preferredChannel', level: 'kiosk', customers: 12 },
      { feature: 'geography', level: 'XK', customers: 2 },
      { feature: 'geography', level: 'AX', customers: 1 },
    ],
    levelCount: 5,
  },
  panel: 1_500,
  comparison: [],
  published: {
    runId: 'shop@2026-07-01~1',
    cleanRows: 10_000,
    sourceRows: { orders: 13_000, customers: 2_000, consent: 9 },
    moved: 150,
  },
}
