import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identifyClusters } from '../../../../src/stages/validate/identity/identify-clusters.ts'
import type { IdentityInput } from '../../../../src/stages/validate/identity/identities.ts'
import { cluster, segment, tableOf } from './tables.ts'

const tables = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 })).chain(([clusters, keys]) =>
  fc.record({
    rows: fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: keys, maxLength: keys }), {
      minLength: clusters,
      maxLength: clusters,
    }),
    centres: fc.uniqueArray(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      minLength: clusters + keys,
      maxLength: clusters + keys,
      selector: String,
    }),
    sizes: fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: clusters, maxLength: clusters }),
    order: fc.shuffledSubarray([...Array(clusters).keys()], { minLength: clusters }),
    keyOrder: fc.shuffledSubarray([...Array(keys).keys()], { minLength: keys }),
    strangers: fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: clusters, maxLength: clusters }),
  }),
)

describe('keys of generated tables', () => {
  const inputOf = (
    rows: readonly (readonly number[])[],
    centres: readonly (readonly number[])[],
    sizes: readonly number[],
  ): IdentityInput => {
    const live = rows[0]!.map((_, i) => segment(`shop-${i + 1}`, { centre: centres[rows.length + i]! }))
    const clusters = rows.map((row, i) => {
      return cluster({ centre: centres[i]!, customers: row.reduce((sum, count) => sum + count, sizes[i]!) })
    })
    return tableOf(live, rows, { clusters, newestNumber: 9 })
  }

  it('are the same when clusters and segments come in another order', () => {
    fc.assert(
      fc.property(tables, ({ rows, centres, sizes, order, keyOrder }) => {
        const before = inputOf(rows, centres, sizes)
        const after: IdentityInput = {
          ...before,
          clusters: order.map((number) => before.clusters[number]!),
          live: keyOrder.map((at) => before.live[at]!),
          counts: Float64Array.from(order.flatMap((number) => keyOrder.map((at) => rows[number]![at]!))),
        }
        const was = identifyClusters(before)
        expect(identifyClusters(after)).toEqual(order.map((number) => was[number]))
      }),
    )
  })

  it('are the same when customers outside the panel are added, but for which of the new ones is which', () => {
    fc.assert(
      fc.property(tables, ({ rows, centres, sizes, strangers }) => {
        const before = inputOf(rows, centres, sizes)
        const clusters = before.clusters.map((one, i) => ({ ...one, customers: one.customers + strangers[i]! }))
        const kept = (input: IdentityInput) => identifyClusters(input).map((match) => (match.isNew ? 'new' : match))
        expect(kept({ ...before, clusters })).toEqual(kept(before))
      }),
    )
  })

  it('are given once, and fresh ones are above all there ever were', () => {
    fc.assert(
      fc.property(tables, ({ rows, centres, sizes }) => {
        const matches = identifyClusters(inputOf(rows, centres, sizes))
        expect(new Set(matches.map(({ segmentKey }) => segmentKey)).size).toBe(matches.length)
        const fresh = matches.filter(({ isNew }) => isNew).map(({ segmentKey }) => Number(segmentKey.slice(5)))
        expect(fresh.toSorted((a, b) => a - b)).toEqual(fresh.map((_, i) => 10 + i))
      }),
    )
  })
})
