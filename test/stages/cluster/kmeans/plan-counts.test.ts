import { describe, expect, it } from 'vitest'
import { ConstantFeatures } from '../../../../src/errors/constant-features.ts'
import { TooFewCustomers } from '../../../../src/errors/too-few-customers.ts'
import { bucketRanges } from '../../../../src/stages/cluster/bucket-ranges.ts'
import { planCounts } from '../../../../src/stages/cluster/kmeans/plan-counts.ts'
import { planRefits } from '../../../../src/stages/cluster/kmeans/plan-refits.ts'

describe('planCounts', () => {
  it('tries a fixed count only, and every count of a range', () => {
    expect(planCounts(4, 100, 5)).toEqual([4])
    expect(planCounts({ from: 3, to: 6 }, 100, 7)).toEqual([3, 4, 5, 6])
  })

  it('leaves out counts that the distinct customers cannot fill', () => {
    expect(planCounts({ from: 2, to: 8 }, 100, 4)).toEqual([2, 3, 4])
  })

  it('quotes customers and count when there are too few', () => {
    expect(() => planCounts(5, 3, 3)).toThrow(TooFewCustomers)
    expect(() => planCounts(5, 3, 3)).toThrow('Cannot make 5 clusters from 3 customers.')
    expect(() => planCounts({ from: 2, to: 4 }, 1, 1)).toThrow('Cannot make 2 clusters from 1 customer.')
    expect(() => planCounts({ from: 2, to: 4 }, 0, 0)).toThrow('from 0 customers')
    expect(() => planCounts({ from: 4, to: 6 }, 100, 3)).toThrow('4 clusters from 100 customers: only 3 of them differ')
  })

  it('says so when all customers are the same', () => {
    expect(() => planCounts(3, 50, 1)).toThrow(ConstantFeatures)
    expect(() => planCounts(3, 50, 1)).toThrow('All 50 customers have the same features')
  })
})

describe('planRefits', () => {
  it('clusters anew less often where there are more rows, within bounds', () => {
    const suggested = [200, 2_000, 5_000].map((rows) => planRefits(rows, undefined, true, 50))
    expect(suggested).toEqual([
      { bootstraps: 50, splits: 13 },
      { bootstraps: 20, splits: 5 },
      { bootstraps: 10, splits: 5 },
    ])
  })

  it('obeys a number that is given, and spares the slow kernel', () => {
    expect(planRefits(2_000, 100, false, 50)).toEqual({ bootstraps: 100, splits: 25 })
    expect(planRefits(2_000, undefined, false, 50)).toEqual({ bootstraps: 5, splits: 5 })
  })

  it('says nothing about the stability of a handful, or when not asked to', () => {
    expect(planRefits(49, 100, true, 50)).toEqual({ bootstraps: 0, splits: 0 })
    expect(planRefits(2_000, 0, true, 50)).toEqual({ bootstraps: 0, splits: 0 })
  })
})

describe('bucketRanges', () => {
  it.each([
    [1, 10],
    [1, 1_000],
    [3, 700],
    [256, 5],
  ])('covers every bucket of %i shards once, in order (%i rows each)', (shardCount, rowCount) => {
    const covered: number[] = []
    for (let shard = 0; shard < shardCount; shard++) {
      for (const { from, to } of bucketRanges(shard, shardCount, rowCount, 100)) {
        expect(from).toBeLessThanOrEqual(to)
        for (let bucket = from; bucket <= to; bucket++) {
          covered.push(bucket)
          expect(Math.floor((bucket * shardCount) / 256)).toBe(shard)
        }
      }
    }
    expect(covered).toEqual(Array.from({ length: 256 }, (_, bucket) => bucket))
  })

  it('makes as many pieces as the rows need', () => {
    expect(bucketRanges(0, 1, 1_000, 100)).toHaveLength(10)
    expect(bucketRanges(0, 1, 0, 100)).toEqual([{ from: 0, to: 255 }])
  })
})
