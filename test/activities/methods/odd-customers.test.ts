import { afterAll, describe, expect, it } from 'vitest'
import { makeKernelPool } from '../../../src/kernels/kernel-pool.ts'
import { customersFrom, fitMethod, fourKinds, placeBy } from './method-bench.ts'
import type { MethodCustomers } from './method-bench.ts'

const pool = makeKernelPool({ threads: 2 })
afterAll(() => pool.close())

const ROWS = 90
const spread = (from: number): Float64Array =>
  Float64Array.from({ length: ROWS }, (_, i) => from + (i % 3) * 50 + ((i * 7) % 10))
const everywhere = (value: string | null): readonly (string | null)[] => new Array<string | null>(ROWS).fill(value)
const mixture = { method: 'mixture', count: 3 }
const mixed = { method: 'mixed', count: 3 }
const hierarchy = { method: 'hierarchy', levels: [{ name: 'micro', count: 3, minimumCustomers: 10 }] }
const kmeans = { method: 'kmeans', count: 3, refuse: { hopkinsBelow: 0 } }
const all = [
  ['kmeans', kmeans],
  ['mixture', mixture],
  ['mixed', mixed],
  ['hierarchy', hierarchy],
] as const

async function clustersOf(settings: unknown, customers: MethodCustomers): Promise<number> {
  const placed = await placeBy(await fitMethod(settings, customers, pool), customers.table, pool)
  return new Set(placed.cluster).size
}

describe.each(all)('%s', (_, settings) => {
  it('groups customers of one and the same category by their numbers', async () => {
    expect(await clustersOf(settings, customersFrom(everywhere('DE'), spread(5), spread(9)))).toBe(3)
    expect(await clustersOf(settings, customersFrom(everywhere(null), spread(5), spread(9)))).toBe(3)
  })

  it('groups customers of whom a number is not known', async () => {
    const some = spread(5).map((value, i) => (i % 11 === 0 ? NaN : value))
    expect(await clustersOf(settings, customersFrom(everywhere('DE'), some, spread(9)))).toBe(3)
    expect(await clustersOf(settings, customersFrom(everywhere('DE'), spread(5), spread(9).fill(NaN)))).toBe(3)
  })

  it('refuses numbers that are not finite, and customers who are all the same', async () => {
    const endless = customersFrom(everywhere('DE'), spread(5), spread(9))
    ;(endless.table.columns.monetary as Float64Array)[4] = Infinity
    const open = { ...endless.features.features[1]!, upper: Infinity } as never
    const features = { ...endless.features, features: endless.features.features.with(1, open) }
    await expect(fitMethod(settings, { ...endless, features }, pool)).rejects.toMatchObject({
      type: 'CoordinatesNotFinite',
    })
    const same = customersFrom(everywhere('DE'), new Float64Array(ROWS).fill(4), new Float64Array(ROWS).fill(1))
    await expect(fitMethod(settings, same, pool)).rejects.toMatchObject({ type: 'ConstantFeatures' })
    const none = customersFrom([], new Float64Array(), new Float64Array())
    await expect(fitMethod(settings, none, pool)).rejects.toMatchObject({ type: 'TooFewCustomers' })
  })
})

describe('fewer customers who differ than clusters', () => {
  const three = (i: number): number => (i % 3) * 50
  const few = customersFrom(
    everywhere('DE'),
    Float64Array.from({ length: ROWS }, (_, i) => three(i)),
    Float64Array.from({ length: ROWS }, (_, i) => three(i)),
  )

  it.each([
    ['kmeans', { ...kmeans, count: 4 }],
    ['mixture', { ...mixture, count: 4 }],
    ['mixed', { ...mixed, count: 4 }],
  ])('are refused by %s where the count is fixed', async (_, settings) => {
    await expect(fitMethod(settings, few, pool)).rejects.toMatchObject({
      type: 'TooFewCustomers',
      message: expect.stringContaining('only 3 of them differ in their features') as string,
    })
  })

  it.each([
    ['kmeans', { ...kmeans, count: { from: 2, to: 6 } }],
    ['mixture', { ...mixture, count: { from: 2, to: 6 } }],
    ['mixed', { ...mixed, count: { from: 2, to: 6 } }],
    ['hierarchy', { ...hierarchy, levels: [{ name: 'micro', count: 6, minimumCustomers: 10 }] }],
  ])('make %s try no more of them', async (_, settings) => {
    const model = await fitMethod(settings, few, pool)
    expect(Math.max(...model.candidates.map(({ clusterCount }) => clusterCount))).toBe(3)
    expect(model.candidates.filter(({ chosen }) => chosen)).toHaveLength(1)
    expect(await clustersOf(settings, few)).toBe(model.clusterCount)
  })
})

describe('mixed', () => {
  it('groups customers whom only categories tell apart', async () => {
    const country = Array.from({ length: ROWS }, (_, i) => ['DE', 'AT', null][i % 3]!)
    const customers = customersFrom(country, new Float64Array(ROWS).fill(4), new Float64Array(ROWS).fill(1))
    const model = await fitMethod(mixed, customers, pool)
    const { cluster, confidence, reasons } = await placeBy(model, customers.table, pool)
    expect([...cluster]).toEqual(country.map((_, i) => cluster[i % 3]))
    expect(new Set(cluster).size).toBe(3)
    expect(new Set(confidence)).toEqual(new Set([1]))
    expect(model.reasons[reasons[0]!.label[0]!]).toBe('country')
  })

  it('counts customers whose level came later, as of the other levels', async () => {
    const customers = fourKinds(200)
    const model = await fitMethod(mixed, customers, pool)
    const later = {
      ...customers.table,
      columns: { ...customers.table.columns, country: new Array<string>(200).fill('FR') },
    }
    const { unseenLevels, cluster } = await placeBy(model, later, pool)
    expect(unseenLevels).toEqual({ country: 200 })
    expect(cluster.every((label) => label >= 0)).toBe(true)
  })

  it('weighs categories by gamma: with a large one nothing else counts', async () => {
    const customers = fourKinds(200)
    const model = await fitMethod({ ...mixed, count: 4, gamma: 900 }, customers, pool)
    const { cluster } = await placeBy(model, customers.table, pool)
    const levels = customers.table.columns.country as readonly (string | null)[]
    expect(new Set(levels.map((level, i) => `${level} ${cluster[i]}`)).size).toBe(4)
  })
})
