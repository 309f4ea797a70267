import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import { compileCreatePlaced } from '../stages/cluster/sql.ts'
import type { ModelOutputs } from '../stages/cluster/model.ts'
import type { LabelMatch } from '../stages/validate/identity/identities.ts'
import { compileHeldOutBySegment, type Holdout } from '../stages/validate/holdout-sql.ts'
import { compileMovedFeatures, COUNT_MOVED, CREATE_MOVED } from '../stages/validate/live-sql.ts'
import { compileResolved, COUNT_TRANSITIONS } from '../stages/validate/sql.ts'
import { readTransition } from '../stages/validate/transitions.ts'
import type { LineageEdge, Transition } from '../stages/validate/validation.ts'
import type { Attempt } from './attempt.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'
import type { LiveSide } from './live-side.ts'
import { placeCustomers } from './place-customers.ts'

export interface Moves {
  readonly matches: readonly LabelMatch[]
  readonly retiredKeys: readonly string[]
  readonly lineage: readonly LineageEdge[]
  readonly live: LiveSide
  readonly holdout: Holdout
  /** Of what is live; null: nobody is held out. */
  readonly liveHoldout: Holdout | null
  readonly asOf: string
  readonly outputs: ModelOutputs
}

/** Makes table `resolved` of `population`: everybody's segment, and why it is another one than before. Counts the transitions. */
export async function explainMoves(
  session: ComputeSession,
  services: Services,
  attempt: Attempt,
  moves: Moves,
): Promise<readonly Transition[]> {
  await makeKeyTables(session, moves)
  await session.execute(CREATE_MOVED)
  const { live } = moves
  await placeMoved(session, services, attempt, live)
  const { holdout, liveHoldout } = moves
  if (holdout.by === 'segment') await session.execute(compileHeldOutBySegment(holdout, liveHoldout))
  const rules = { isComparable: live.model !== null, isEdited: live.isEdited }
  await session.execute(compileResolved({ ...moves, ...rules, minimumChange: live.model?.minimumChange ?? 0 }))
  return (await session.rows(COUNT_TRANSITIONS)).map(readTransition)
}

/** Tables of the keys on both sides, which explaining joins. */
export async function makeKeyTables(
  session: ComputeSession,
  { matches, retiredKeys, lineage, live }: Pick<Moves, 'matches' | 'retiredKeys' | 'lineage' | 'live'>,
): Promise<void> {
  const ofClusters = (keys: readonly string[]) => ({
    rowCount: keys.length,
    columns: { cluster: Int32Array.from(keys.keys()), segment_key: keys },
  })
  const gone = lineage.filter(({ kind }) => kind === 'merged' || kind === 'absorbed')
  await session.createTable('segment_keys', ofClusters(matches.map(({ segmentKey }) => segmentKey)))
  await session.createTable('live_keys', ofClusters(live.model?.segmentKeys ?? []))
  await session.createTable('retired', { rowCount: retiredKeys.length, columns: { segment_key: retiredKeys } })
  await session.createTable('gone_into', {
    rowCount: gone.length,
    columns: {
      from_segment_key: gone.map(({ fromSegmentKey }) => fromSegmentKey),
      to_segment_key: gone.map(({ toSegmentKey }) => toSegmentKey),
    },
  })
}

/** Puts today's features of everyone who moved through the live model: table `placed`, empty without a comparable model. */
export async function placeMoved(
  session: ComputeSession,
  services: Pick<Services, 'kernels'>,
  attempt: Pick<Attempt, 'progress' | 'signal'>,
  { model, relation }: Pick<LiveSide, 'model' | 'relation'>,
): Promise<void> {
  if (!model) return session.execute(compileCreatePlaced({ scores: [], also: [] }))
  const [counted] = await session.rows(COUNT_MOVED)
  const starts = Array.from(
    { length: Math.ceil(Number(counted!.customers) / ROWS_AT_A_TIME) },
    (_, i) => i * ROWS_AT_A_TIME,
  )
  const queries = starts.map(
    (start) => (columns: Readonly<Record<string, string>>) =>
      compileMovedFeatures(columns, start, start + ROWS_AT_A_TIME, relation),
  )
  const { progress, signal } = attempt
  await placeCustomers(session, model, queries, { progress, signal, kernels: services.kernels })
}
