import { jaccardMatrix } from '../../../stats/jaccard.ts'
import type { IdentityInput, PastSegment } from './identities.ts'

/** What the counts of the panel say of every pair of a cluster and a segment. */
export interface PanelFigures {
  /** Customers of the panel in each cluster, and in each live segment. */
  readonly ofClusters: readonly number[]
  readonly ofLive: readonly number[]
  overlap(cluster: number, live: number): number
  /** With the last members of a retired segment: of customers that were known before this run. */
  pastOverlap(cluster: number, past: number): number
  /** Share of the panel customers of a live segment who are in a cluster; 0 where it has none. */
  parentShare(cluster: number, live: number): number
  childShare(cluster: number, live: number): number
}

export function panelFigures({ clusters, live, past, counts }: Omit<IdentityInput, 'thresholds'>): PanelFigures {
  const columns = live.length
  const count = (cluster: number, segment: number): number => counts[cluster * columns + segment]!
  const overlaps = jaccardMatrix({ rows: clusters.length, columns, counts })
  const ofClusters = clusters.map((_, cluster) => sum(live.map((_one, segment) => count(cluster, segment))))
  const ofLive = live.map((_, segment) => sum(clusters.map((_one, cluster) => count(cluster, segment))))
  return {
    ofClusters,
    ofLive,
    overlap: (cluster, segment) => overlaps[cluster * columns + segment]!,
    pastOverlap: (cluster, segment) => pastOverlap(past[segment]!, cluster, ofClusters[cluster]!),
    parentShare: (cluster, segment) => ratio(count(cluster, segment), ofLive[segment]!),
    childShare: (cluster, segment) => ratio(count(cluster, segment), ofClusters[cluster]!),
  }
}

function pastOverlap({ members, panelMembers }: PastSegment, cluster: number, known: number): number {
  const either = known + sum(members) - panelMembers[cluster]!
  return ratio(members[cluster]!, either)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
