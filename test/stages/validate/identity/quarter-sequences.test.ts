import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identifyClusters } from '../../../../src/stages/validate/identity/identify-clusters.ts'
import type { IdentityInput, LabelMatch } from '../../../../src/stages/validate/identity/identities.ts'
import { cluster, segment, tableOf, thresholds } from './tables.ts'

const CUSTOMERS = 40
const MOST_CLUSTERS = 4

/** Cluster of each customer, −1: not a customer this quarter. No two clusters have as many customers, nor the same centre. */
interface Quarter {
  readonly labels: readonly number[]
  readonly centres: readonly (readonly number[])[]
  /** Other numbers for the clusters. */
  readonly order: readonly number[]
}

const quarter: fc.Arbitrary<Quarter> = fc
  .record({
    labels: fc.array(fc.integer({ min: -1, max: MOST_CLUSTERS - 1 }), { minLength: CUSTOMERS, maxLength: CUSTOMERS }),
    centres: fc.uniqueArray(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })), {
      minLength: MOST_CLUSTERS,
      maxLength: MOST_CLUSTERS,
      selector: String,
    }),
    order: fc.shuffledSubarray([...Array(MOST_CLUSTERS).keys()], { minLength: MOST_CLUSTERS }),
  })
  .filter(({ labels }) => new Set(sizesOf(labels)).size === MOST_CLUSTERS)

function sizesOf(labels: readonly number[]): readonly number[] {
  return Array.from({ length: MOST_CLUSTERS }, (_, one) => labels.filter((label) => label === one).length)
}

interface Known {
  readonly members: ReadonlySet<number>
  readonly centre: readonly number[]
}

/** What a pipeline remembers from quarter to quarter. */
class History {
  live = new Map<string, Known>()
  retired = new Map<string, Known>()
  newestNumber = 0
  /** Of each quarter, customer → key. */
  readonly keys: Record<number, string>[] = []

  play({ labels, centres }: Omit<Quarter, 'order'>): readonly LabelMatch[] {
    const matches = identifyClusters(this.inputOf(labels, centres))
    const before = this.live
    this.live = new Map(
      matches.map(({ segmentKey }, one) => [
        segmentKey,
        { members: new Set(labels.flatMap((label, i) => (label === one ? [i] : []))), centre: centres[one]! },
      ]),
    )
    for (const [key, known] of before) if (!this.live.has(key)) this.retired.set(key, known)
    for (const key of this.live.keys()) {
      this.retired.delete(key)
      this.newestNumber = Math.max(this.newestNumber, Number(key.slice('shop-'.length)))
    }
    this.keys.push(
      Object.fromEntries(labels.flatMap((label, i) => (label < 0 ? [] : [[i, matches[label]!.segmentKey]]))),
    )
    return matches
  }

  private inputOf(labels: readonly number[], centres: Quarter['centres']): IdentityInput {
    const sizes = sizesOf(labels)
    const isLive = (customer: number): boolean => [...this.live.values()].some(({ members }) => members.has(customer))
    const inCluster = (one: number, members: ReadonlySet<number>, counts: (customer: number) => boolean): number =>
      labels.filter((label, i) => label === one && members.has(i) && counts(i)).length
    const rows = sizes.map((_, one) =>
      [...this.live.values()].map(({ members }) => inCluster(one, members, () => true)),
    )
    return tableOf(
      [...this.live].map(([key, { centre }]) => segment(key, { centre })),
      rows,
      {
        clusters: sizes.map((customers, one) => cluster({ customers, centre: centres[one]! })),
        past: [...this.retired].map(([key, { members, centre }]) => ({
          ...segment(key, { centre }),
          members: sizes.map((_, one) => inCluster(one, members, () => true)),
          panelMembers: sizes.map((_, one) => inCluster(one, members, isLive)),
        })),
        newestNumber: this.newestNumber,
        thresholds: { ...thresholds, minimumPanel: 3 },
      },
    )
  }
}

const quarters = fc.array(quarter, { minLength: 2, maxLength: 6 })

describe('keys over any sequence of quarters', () => {
  it('are never given to another segment: a fresh one is above all before it, an old one is live or comes back', () => {
    fc.assert(
      fc.property(quarters, (played) => {
        const history = new History()
        for (const one of played) {
          const [live, retired, newest] = [[...history.live.keys()], [...history.retired.keys()], history.newestNumber]
          const matches = history.play(one)
          expect(new Set(matches.map(({ segmentKey }) => segmentKey)).size).toBe(MOST_CLUSTERS)
          for (const { segmentKey, isNew, isReturned } of matches) {
            const number = Number(segmentKey.slice('shop-'.length))
            expect([isNew, isReturned]).toEqual([number > newest, retired.includes(segmentKey)])
            if (!isNew && !isReturned) expect(live).toContain(segmentKey)
          }
        }
      }),
    )
  })

  it('are those of the same customers, however clusters are numbered in each quarter', () => {
    fc.assert(
      fc.property(quarters, (played) => {
        const [history, renumbered] = [new History(), new History()]
        for (const { labels, centres, order } of played) {
          history.play({ labels, centres })
          const place = order.map((_, one) => order.indexOf(one))
          renumbered.play({
            labels: labels.map((label) => (label < 0 ? -1 : place[label]!)),
            centres: order.map((one) => centres[one]!),
          })
        }
        expect(renumbered.keys).toEqual(history.keys)
      }),
    )
  })
})
