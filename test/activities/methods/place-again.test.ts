import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { Placement } from '../../../src/activities/methods/method.ts'
import { makeKernelPool } from '../../../src/kernels/kernel-pool.ts'
import type { ColumnTable } from '../../../src/ports/compute-engine.ts'
import { fitMethod, fourKinds, placeBy } from './method-bench.ts'

const ROWS = 400
const [one, two] = [makeKernelPool({ threads: 1 }), makeKernelPool({ threads: 2 })]
afterAll(() => Promise.all([one.close(), two.close()]))

function takeRows({ columns }: ColumnTable, rows: readonly number[]): ColumnTable {
  const taken = Object.entries(columns).map(([name, column]) => [
    name,
    column instanceof Float64Array
      ? Float64Array.from(rows, (row) => column[row]!)
      : rows.map((row) => (column as readonly unknown[])[row]),
  ])
  return { rowCount: rows.length, columns: Object.fromEntries(taken) as ColumnTable['columns'] }
}

/** All that is said of a row. */
function rowOf(placed: Placement, row: number): readonly (number | undefined)[] {
  const { cluster, confidence, distance, nextCluster, isOutlier, scores, also, reasons } = placed
  const columns = [cluster, confidence, distance, nextCluster, isOutlier, ...scores, ...also]
  return [...columns, ...reasons.flatMap(({ label, size }) => [label, size])].map((column) => column[row])
}

const levels = [
  { name: 'macro', count: 2, minimumCustomers: 40 },
  { name: 'micro', count: 5, minimumCustomers: 20 },
]

/** With so large a floor, clusters have no room for a variance of their own. */
const FALLS_BACK = { method: 'mixture', count: 4, varianceFloor: 0.5 }

describe.each([
  ['mixture', { method: 'mixture', count: 4 }],
  ['mixture in place of which k-means stands', FALLS_BACK],
  ['mixed', { method: 'mixed', count: 4 }],
  ['hierarchy by Ward', { method: 'hierarchy', levels }],
  ['hierarchy by bisecting', { method: 'hierarchy', algorithm: 'bisecting', levels }],
])('%s', { timeout: 60_000 }, (_, settings) => {
  it('places customers of the fit where the fit had them, whoever else is placed with them', async () => {
    const customers = fourKinds(ROWS)
    const model = await fitMethod(settings, customers, two)
    const all = await placeBy(model, customers.table, two)
    expect(new Set(all.cluster).size).toBeGreaterThan(2)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(ROWS - 1), { minLength: 1, maxLength: 60 }), async (rows) => {
        const some = await placeBy(model, takeRows(customers.table, rows), two)
        rows.forEach((row, i) => expect(rowOf(some, i)).toEqual(rowOf(all, row)))
      }),
      { numRuns: 15 },
    )
  })

  it('is the same for 1 and 2 threads', async () => {
    const customers = fourKinds(ROWS)
    expect(await fitMethod(settings, customers, one)).toEqual(await fitMethod(settings, customers, two))
  })

  it('makes the same partition when a feature is measured in other units', async () => {
    const [plain, scaled] = [fourKinds(ROWS), fourKinds(ROWS, 1024)]
    const before = await placeBy(await fitMethod(settings, plain, two), plain.table, two)
    const after = await placeBy(await fitMethod(settings, scaled, two), scaled.table, two)
    expect(after.cluster).toEqual(before.cluster)
  })
})

it('lets k-means stand in for a mixture whose clusters cannot vary', async () => {
  const { parameters } = await fitMethod(FALLS_BACK, fourKinds(ROWS), two)
  expect(parameters).toMatchObject({ method: 'mixture', fittedBy: 'kmeans' })
})
