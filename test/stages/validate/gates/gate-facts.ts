import type { GateFacts, PublishedFacts } from '../../../../src/stages/validate/gates/entry.ts'

/** What was live before `facts`. */
export const published: PublishedFacts = {
  runId: 'shop@2026-07-01~1',
  isAdopted: false,
  cleanRows: 10_000,
  sourceRows: { orders: 13_000, customers: 2_000, consent: 9 },
  completeness: { recency: 1, gapMean: 0.58, monetary: 1 },
  moved: 150,
  customers: { 'shop-1': 500, 'shop-2': 300, 'shop-3': 800 },
}

/** A second run with nothing to complain of. */
export const facts: GateFacts = {
  pipeline: 'shop',
  kind: 'refit',
  isKept: false,
  placed: { sizes: [600, 390, 1_010], outliers: 90 },
  fittedOn: { sizes: [600, 390, 1_010], outliers: 90 },
  segments: [
    { segmentKey: 'shop-1', name: 'Frequent', customers: 600, ownKey: null, stability: 0.9 },
    { segmentKey: 'shop-2', name: 'Lapsed', customers: 390, ownKey: null, stability: 0.8 },
    { segmentKey: 'shop-3', name: 'New', customers: 1_010, ownKey: null, stability: 0.95 },
  ],
  knownKeys: ['shop-1', 'shop-2', 'shop-3', 'shop-9'],
  model: {
    method: 'kmeans',
    candidates: [
      { method: 'kmeans', clusterCount: 2, silhouette: 0.4, inertia: 9, smallestShare: 0.3, chosen: false },
      { method: 'kmeans', clusterCount: 3, silhouette: 0.31, inertia: 8, smallestShare: 0.2, chosen: true },
    ],
    evidence: {
      clusterability: { hopkins: 0.97, dip: 0.02, dipP: 0.012 },
      jaccards: [0.9, 0.8, 0.95],
      predictionStrength: 0.71,
    },
  },
  customers: 2_000,
  customersInAll: 2_000,
  cleanRows: 12_345,
  sourceRows: { orders: 13_000, customers: 2_050, survey: 40 },
  dataQuality: [
    { role: 'transactions', source: 'orders', rule: 'unreadable', rejected: 5, rowsIn: 13_000 },
    { role: 'transactions', source: 'orders', rule: 'required', rejected: 600, rowsIn: 12_995 },
    { role: 'transactions', source: 'orders', rule: 'duplicates', rejected: 45, rowsIn: 12_995 },
    { role: 'customers', source: 'customers', rule: 'required', rejected: 0, rowsIn: 2_050 },
    { role: 'overrides', source: 'people', rule: 'inactive', rejected: 9, rowsIn: 10 },
    { role: 'transactions', source: 'orders', rule: null, rejected: null, rowsIn: 12_345 },
  ],
  completeness: { recency: 1, gapMean: 0.6, monetary: 0.999, country: 0.9 },
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
  lineage: [
    { kind: 'survived', fromSegmentKey: 'shop-1', toSegmentKey: 'shop-1' },
    { kind: 'survived', fromSegmentKey: 'shop-2', toSegmentKey: 'shop-2' },
    { kind: 'survived', fromSegmentKey: 'shop-3', toSegmentKey: 'shop-3' },
  ],
  comparison: [],
  custom: {},
  published,
}
