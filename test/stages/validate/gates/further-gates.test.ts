import { describe, expect, it } from 'vitest'
import { checkGates } from '../../../../src/stages/validate/gates/check-gates.ts'
import type { GateFacts } from '../../../../src/stages/validate/gates/entry.ts'
import { validateConfig } from '../../../../src/stages/validate/config.ts'
import { facts, published } from './gate-facts.ts'

describe('gates', () => {
  const defaults = validateConfig.parse({})
  const checkOf = (gate: string, changed: Partial<GateFacts> = {}, config = defaults) =>
    checkGates(config, { ...facts, ...changed }).find((check) => check.gate === gate)!

  it('counts segments that do not simply go on, each once', () => {
    // By hand: shop-1 split into itself and shop-10, shop-2 vanished, shop-11 appeared: (2 + 1) ÷ (3 + 1).
    const lineage = [
      { kind: 'survived', fromSegmentKey: 'shop-1', toSegmentKey: 'shop-1' },
      { kind: 'split', fromSegmentKey: 'shop-1', toSegmentKey: 'shop-10' },
      { kind: 'disappeared', fromSegmentKey: 'shop-2', toSegmentKey: null },
      { kind: 'survived', fromSegmentKey: 'shop-3', toSegmentKey: 'shop-3' },
      { kind: 'appeared', fromSegmentKey: null, toSegmentKey: 'shop-11' },
      // Of another level.
      { kind: 'appeared', fromSegmentKey: null, toSegmentKey: 'shop-20' },
    ] as const
    const segments = ['shop-1', 'shop-3', 'shop-10', 'shop-11'].map((segmentKey) => ({
      ...facts.segments[0]!,
      segmentKey,
    }))
    expect(checkOf('structuralChange', { lineage, segments })).toMatchObject({ value: 0.75, outcome: 'hold' })
  })

  it('holds where half of the customers are missing, and where cleansing rejects half of a source', () => {
    expect(checkOf('coverage', { panel: 800 })).toMatchObject({ value: 0.5, outcome: 'hold' })
    const dataQuality = [
      { role: 'transactions', source: 'orders', rule: 'required', rejected: 10, rowsIn: 100 },
      { role: 'transactions', source: 'orders', rule: 'duplicates', rejected: 42, rowsIn: 100 },
      { role: 'transactions', source: 'web', rule: 'required', rejected: 1, rowsIn: 4 },
    ]
    const check = checkOf('rejectedShare', { dataQuality })
    expect(check).toMatchObject({ value: 0.52, outcome: 'hold', subject: 'orders (transactions)' })
  })

  it('holds where a feature lost its values', () => {
    const completeness = { ...facts.completeness, monetary: 0.7 }
    expect(checkOf('completeness', { completeness })).toMatchObject({
      value: expect.closeTo(-0.3, 10) as number,
      outcome: 'hold',
      subject: 'monetary',
      page: { customers: 600 },
    })
    expect(checkOf('completeness', { published: { ...published, completeness: null } })).toBeUndefined()
  })

  it('says of what did not pass what it means, why it matters, whom it is about and what one may do', () => {
    const config = validateConfig.parse({ membershipChurn: { hold: { above: 0.05 } } })
    expect(checkOf('membershipChurn', {}, config).page).toEqual({
      meaning: 'Share of the panel (customers in both) whose segment changed.',
      message: checkOf('membershipChurn', {}, config).message,
      why: expect.stringContaining('other treatment') as string,
      remedy: expect.stringContaining('resegment use-live-model RUN') as string,
      customers: 150,
      list: 'resegment moves RUN',
    })
    expect(checkOf('membershipChurn')).not.toHaveProperty('page')
  })
})
