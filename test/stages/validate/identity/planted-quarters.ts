import { compileKernel } from '../../../../src/kernels/kernel-module.ts'
import { LoneFits } from '../../../../src/kernels/lone-fits.ts'
import { identifyClusters } from '../../../../src/stages/validate/identity/identify-clusters.ts'
import type { IdentityInput, LabelMatch } from '../../../../src/stages/validate/identity/identities.ts'
import { traceLineage } from '../../../../src/stages/validate/identity/trace-lineage.ts'
import type { LineageEdge } from '../../../../src/run/lineage.ts'
import { DIMENSIONS, GROUPS, World } from './planted-world.ts'
import type { PlantedChange, PlantedSettings, Quarter } from './planted-world.ts'
import { segment, thresholds } from './tables.ts'

export interface PlantedResult {
  /** The planted change was told as what it was. */
  readonly isFound: boolean
  /** Groups that nothing was planted in, and how many of them kept their keys. */
  readonly others: number
  readonly kept: number
  /** Edges that tell of more than what was planted. */
  readonly falseEdges: number
}

const STARTS = 5
const fits = new LoneFits(compileKernel()!)

interface Clustered {
  /** Customer → cluster. */
  readonly clusters: ReadonlyMap<number, number>
  readonly centres: readonly (readonly number[])[]
  /** Cluster → the group that most of its customers are of. */
  readonly groupOf: readonly number[]
}

interface Published extends Clustered {
  readonly keys: readonly string[]
}

/** Two quarters (three for `return`) of customers in round groups; both are clustered with the true count and compared. */
export function playQuarters(settings: PlantedSettings): PlantedResult {
  const { change, seed } = settings
  const world = new World(settings)
  const first = world.begin()
  const firstRun = clusterQuarter(world, first, seed)
  const published: Published = { ...firstRun, keys: firstRun.centres.map((_, i) => `shop-${i + 1}`) }
  if (change !== 'return') return judge(settings, world, published, compare(world, world.next(first), published, []))
  const gone = compare(world, world.without(first, 0), published, [])
  const middle: Published = { ...gone.clustered, keys: gone.matches.map(({ segmentKey }) => segmentKey) }
  const lost = published.groupOf.indexOf(0)
  const past = middle.keys.includes(published.keys[lost] ?? '') ? [] : [lost]
  const back = world.withBack(gone.quarter, first)
  return judge(settings, world, published, compare(world, back, middle, past, published))
}

function clusterQuarter(world: World, { groups, centres }: Quarter, seed: number): Clustered {
  const customers = [...groups.keys()]
  const clusterCount = new Set(groups.values()).size
  const values = Float64Array.from(
    customers.flatMap((customer) => centres.get(groups.get(customer)!)!.map((value) => value + world.normal())),
  )
  const best = fits.fit(
    { values, rowCount: customers.length, dimensions: DIMENSIONS },
    {
      ...{ clusterCount, maxIterations: 100, tolerance: 1e-4 },
      seeds: Array.from({ length: STARTS }, (_, start) => seed * STARTS + start),
    },
  )
  const clusters = new Map(customers.map((customer, i) => [customer, best.labels[i]!]))
  const groupOf = Array.from({ length: clusterCount }, (_, cluster) => {
    const counts = new Map<number, number>()
    for (const [customer, one] of clusters)
      if (one === cluster) counts.set(groups.get(customer)!, (counts.get(groups.get(customer)!) ?? 0) + 1)
    return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? -1
  })
  const found = Array.from({ length: clusterCount }, (_, cluster) =>
    Array.from(best.centres.subarray(cluster * DIMENSIONS, (cluster + 1) * DIMENSIONS)),
  )
  return { clusters, centres: found, groupOf }
}

interface Compared {
  readonly quarter: Quarter
  readonly clustered: Clustered
  readonly matches: readonly LabelMatch[]
  readonly lineage: readonly LineageEdge[]
}

function compare(
  world: World,
  quarter: Quarter,
  live: Published,
  pastClusters: readonly number[],
  before: Published = live,
): Compared {
  const clustered = clusterQuarter(world, quarter, 1 + quarter.groups.size)
  const columns = live.keys.length
  const counts = new Float64Array(clustered.centres.length * columns)
  for (const [customer, cluster] of clustered.clusters) {
    const was = live.clusters.get(customer)
    if (was !== undefined) counts[cluster * columns + was]! += 1
  }
  const past = pastClusters.map((lost) => {
    const members = new Array<number>(clustered.centres.length).fill(0)
    const panelMembers = [...members]
    for (const [customer, cluster] of clustered.clusters) {
      if (before.clusters.get(customer) !== lost) continue
      members[cluster]! += 1
      if (live.clusters.has(customer)) panelMembers[cluster]! += 1
    }
    return { ...segment(before.keys[lost]!, { centre: before.centres[lost]! }), members, panelMembers }
  })
  const sizes = [...clustered.clusters.values()]
  const input: IdentityInput = {
    ...{ pipeline: 'shop', past, counts, thresholds, newestNumber: 100 },
    clusters: clustered.centres.map((centre, cluster) => ({
      ...{ level: 0, layer: null, ownKey: null, parts: [], centre },
      customers: sizes.filter((one) => one === cluster).length,
    })),
    live: live.keys.map((key, i) => segment(key, { centre: live.centres[i]! })),
  }
  const matches = identifyClusters(input)
  return { quarter, clustered, matches, lineage: traceLineage(input, matches) }
}

/** Whether the lineage tells the planted change, and nothing else. */
function judge({ change }: PlantedSettings, _: World, before: Published, after: Compared): PlantedResult {
  const keyBefore = (group: number): string | undefined => before.keys[before.groupOf.indexOf(group)]
  const keyNow = (group: number): string | undefined =>
    after.matches[after.clustered.groupOf.indexOf(group)]?.segmentKey
  const concerned = change === 'nothing' ? [] : change === 'merge' ? [0, 1] : [0]
  const groups = Array.from({ length: GROUPS }, (_one, group) => group)
  const others = groups.filter((group) => change === 'birth' || !concerned.includes(group))
  const kept = others.filter((group) => keyBefore(group) !== undefined && keyBefore(group) === keyNow(group)).length
  const told = after.lineage.filter(({ kind }) => kind !== 'survived')
  const [zero, one, born] = [keyBefore(0), keyBefore(1), keyNow(GROUPS)]
  const has = (from: string | null | undefined, to: string | null | undefined, ...kinds: LineageEdge['kind'][]) =>
    after.lineage.some((e) => e.fromSegmentKey === from && e.toSegmentKey === to && kinds.includes(e.kind))
  const planted = (edge: LineageEdge): boolean => {
    const { fromSegmentKey: from, toSegmentKey: to, kind } = edge
    if (change === 'split') return kind === 'split' && from === zero
    if (change === 'merge') return (kind === 'merged' || kind === 'absorbed') && (from === zero || from === one)
    if (change === 'birth') return kind === 'appeared' && to === born
    if (change === 'death') return kind === 'disappeared' && from === zero
    return change === 'return' && kind === 'returned' && to === zero
  }
  const found: Record<PlantedChange, () => boolean> = {
    nothing: () => told.length === 0,
    // The key stays with either part.
    split: () =>
      born !== keyNow(0) &&
      has(zero, born, 'split', 'survived') &&
      has(zero, keyNow(0), 'split', 'survived') &&
      told.some(({ kind }) => kind === 'split'),
    merge: () =>
      has(zero, keyNow(0), 'survived', 'absorbed', 'merged') && has(one, keyNow(0), 'survived', 'absorbed', 'merged'),
    birth: () => has(null, born, 'appeared'),
    death: () => has(zero, null, 'disappeared'),
    turnover: () => zero !== undefined && zero === keyNow(0),
    return: () => zero !== undefined && zero === keyNow(0) && has(null, zero, 'returned'),
  }
  return {
    ...{ isFound: found[change](), others: others.length, kept },
    falseEdges: told.filter((edge) => !planted(edge)).length,
  }
}
