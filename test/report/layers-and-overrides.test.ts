import { describe, expect, it } from 'vitest'
import { layerTable } from '../../src/report/layer-table.ts'
import { overrideLines } from '../../src/report/override-lines.ts'

describe('layerTable', () => {
  it('shows whom layers have, where they meet and what was pooled', () => {
    const evidence = {
      layers: [
        { name: 'key-accounts', wanted: 120, taken: 120 },
        { name: 'rest', wanted: 4000, taken: 3880 },
      ],
      conflicts: [{ first: 'key-accounts', second: 'at-risk', customers: 1200 }],
      pooled: 7,
    }
    expect(layerTable(evidence).map((line) => line.trimEnd())).toEqual([
      'Layer         Would have    Has',
      'key-accounts         120    120',
      'rest               4,000  3,880',
      'key-accounts and at-risk would both have 1,200 customers.',
      '7 customers are in combinations that are too small.',
    ])
  })
})

describe('overrideLines', () => {
  it('counts what is in effect, against the method, expired and without a customer', () => {
    const conflicts = [{ fromSegmentKey: 'shop-1', toSegmentKey: 'shop-2', customers: 2 }]
    const names: Readonly<Record<string, string>> = { 'shop-1': 'Steady', 'shop-2': 'VIP' }
    expect(overrideLines({ applied: 3, expired: 1, unknownCustomers: 4, conflicts }, (key) => names[key]!)).toEqual([
      'Overrides: 3 in effect, 2 of them against the method; 1 expired.',
      '  2 from Steady to VIP',
      'Warning: 4 overrides name customers who are not in this run.',
    ])
  })

  it('says what of a source has no effect, and why', () => {
    const source = { overruled: 2, unknownSegments: 5, contested: 6, rejected: 1_000 }
    const report = { applied: 0, expired: 0, unknownCustomers: 0, conflicts: [], source }
    expect(overrideLines(report, String)).toEqual([
      'Overrides: 0 in effect, 0 of them against the method; 0 expired.',
      '2 rows of the source give way to what the pipeline says of the same customer.',
      'Warning: 5 rows of the source of overrides name a segment that this run does not have, or a word that several have.',
      'Warning: 6 rows of the source of overrides put one customer into several segments.',
      'Warning: 1,000 rows of the source of overrides were rejected by cleansing.',
    ])
    expect(
      overrideLines(
        { ...report, source: { ...source, overruled: 0, unknownSegments: 0, contested: 0, rejected: 0 } },
        String,
      ),
    ).toHaveLength(1)
  })
})
