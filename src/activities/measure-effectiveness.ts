import { coverageQuery, outcomesQuery } from '../effectiveness/effectiveness-query.ts'
import type { TriedSegments } from '../effectiveness/compare-trials.ts'
import { judgeEffectiveness, type Effectiveness } from '../effectiveness/judge-effectiveness.ts'
import { ArtifactMissing } from '../errors/artifact-missing.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import type { Definition } from '../plan/definition.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Services } from '../ports/services.ts'
import type { Manifest } from '../run/artifact.ts'
import { readParquet } from '../sql/sql-text.ts'
import { fetchFiles, withStoredRows } from './stored-rows.ts'

/** A run, and where what it stored is. */
export interface OutcomeRun {
  /** `shop@2026-07-01~1` */
  readonly run: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  /** Artifact of stage validate: every customer's segment. */
  readonly segmentsUri: string | undefined
  /** Artifact of stage cleanse. */
  readonly cleanUri: string | undefined
}

/** A later run, and how far is looked. */
export interface JudgingRun extends OutcomeRun {
  /** ISO 8601, UTC, not after its as-of. Default: its as-of. */
  readonly until?: string
}

/**
 * Judges the segments of one run by what their customers did from its as-of until that of a later one, or a time before that; whose clean rows tell it.
 *
 * @throws WrongUsage when nothing lies between the two; ArtifactMissing, ConnectionFailed
 */
export async function measureEffectiveness(
  services: Pick<Services, 'engine' | 'store'>,
  definition: Definition,
  judged: OutcomeRun,
  later: JudgingRun,
): Promise<Effectiveness> {
  return judgeEffectiveness((await readOutcome(services, definition, judged, later)).judged)
}

/** What is judged, as `measureEffectiveness` says; and who the customers are. */
export async function readOutcome(
  services: Pick<Services, 'engine' | 'store'>,
  definition: Definition,
  judged: OutcomeRun,
  later: JudgingRun,
): Promise<TriedSegments> {
  if (!(Date.parse(judged.asOf) < Date.parse(later.asOf)))
    throw new WrongUsage(
      `${later.run} looks from ${later.asOf}, which is not after ${judged.asOf}, where ${judged.run} looks from: it knows nothing of what came after.`,
      'Name a later run with --by.',
    )
  if (definition.pipeline.extract.transactions === undefined)
    throw new WrongUsage(
      `Pipeline ${definition.pipeline.pipeline} reads no role transactions: nothing says what customers bought since.`,
      'Give `extract` a source of orders.',
    )
  const store = services.store(definition)
  const members = await filesOf(store, judged.run, judged.segmentsUri)
  const laterMembers = await filesOf(store, later.run, later.segmentsUri)
  const lines = await filesOf(store, later.run, later.cleanUri)
  const paths = [...members, ...laterMembers, ...lines]
  return withStoredRows(services.engine, store, 'effectiveness', paths, async (session) => {
    const rows = {
      ...{ members: readParquet(members), laterMembers: readParquet(laterMembers), lines: readParquet(lines) },
      ...{ from: judged.asOf, until: later.until ?? later.asOf },
    }
    const { columns, rowCount } = await session.columns(outcomesQuery(rows))
    if (rowCount === 0)
      throw new WrongUsage(
        `No customer of ${judged.run} is in ${later.run}.`,
        'Name runs whose customers have the same ids.',
      )
    const [counts] = await session.rows(coverageQuery(rows))
    const buyers = Number(counts!.buyers)
    const column = (name: string): Float64Array => columns[name] as Float64Array
    const grouping = (name: string) => {
      const labels = columns[name] as Int32Array
      return { labels, groupCount: labels.reduce((most, label) => Math.max(most, label + 1), 0) }
    }
    return {
      keys: columns.who as Int32Array,
      judged: {
        ...{ segments: grouping('segment'), laterSegments: grouping('later_segment') },
        ...{ spend: column('spend'), orders: column('orders'), pastSpend: column('past_spend') },
        ...{ pastOrders: column('past_orders'), lastOrder: column('last_order') },
        coverage: buyers === 0 ? 1 : Number(counts!.covered) / buyers,
      },
    }
  })
}

/** Paths of what a run stored, on this machine. @throws ArtifactMissing */
export async function filesOf(
  store: ArtifactStore,
  run: string,
  uri: string | undefined,
  role = 'rows',
): Promise<readonly string[]> {
  const manifest: Manifest | undefined = uri === undefined ? undefined : await store.readManifest(uri, 'manifest')
  if (uri !== undefined && manifest) return fetchFiles(store, uri, manifest, role)
  throw new ArtifactMissing(
    `The rows of ${run} are not in the artifact store ${uri === undefined ? 'and never were' : `any more (${uri})`}.`,
    'Judge runs that are kept, or make the run again: its next revision.',
  )
}
