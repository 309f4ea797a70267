import { identityConfig } from '../../../../src/stages/validate/identity/config.ts'
import type {
  CandidateCluster,
  IdentityInput,
  KnownSegment,
  PastSegment,
} from '../../../../src/stages/validate/identity/identities.ts'

export const thresholds = identityConfig.parse({})

export const cluster = (more: Partial<CandidateCluster> = {}): CandidateCluster => ({
  ...{ level: 0, layer: null, centre: null, ownKey: null, customers: 0, parts: [] },
  ...more,
})

export const segment = (segmentKey: string, more: Partial<KnownSegment> = {}): KnownSegment => ({
  ...{ segmentKey, level: 0, layer: null, centre: null, ownKey: null, parts: [] },
  ...more,
})

/** Retired, with so many of its last members in each cluster now, all of them in the panel. */
export const retired = (
  segmentKey: string,
  members: readonly number[],
  more: Partial<PastSegment> = {},
): PastSegment => ({ ...segment(segmentKey), members, panelMembers: members, ...more })

/** Panel customers of live segments, one row a cluster; small counts count as much as large ones unless thresholds say else. */
export const tableOf = (
  live: readonly (string | KnownSegment)[],
  rows: readonly (readonly number[])[],
  more: Partial<IdentityInput> = {},
): IdentityInput => ({
  pipeline: 'shop',
  clusters: rows.map((row) => cluster({ customers: row.reduce((sum, count) => sum + count, 0) })),
  live: live.map((one) => (typeof one === 'string' ? segment(one) : one)),
  past: [],
  counts: Float64Array.from(rows.flat()),
  newestNumber: Math.max(
    0,
    ...live.map((one) => Number(/\d+$/.exec(typeof one === 'string' ? one : one.segmentKey)?.[0] ?? 0)),
  ),
  thresholds,
  ...more,
})
