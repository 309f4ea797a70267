import { findRun } from '../client/find-run.ts'
import { readRun } from '../client/read-run.ts'
import type { RunView } from '../client/read-run.ts'
import { ConnectionFailed } from '../errors/connection-failed.ts'
import { RunNotFound } from '../errors/run-not-found.ts'
import type { RunDescription, SegmentRow } from '../ports/warehouse-reader.ts'
import { namesOf } from '../report/run-description.ts'
import { notableLineage } from '../run/lineage.ts'
import { summarizeMoves } from '../run/moves.ts'
import type { RunStatus } from '../run/run-status.ts'
import { toStatusCheck } from '../run/verdict.ts'
import type { CommandContext } from './command-context.ts'
import { warehouseOf } from './find-definition.ts'
import type { NamedRun } from './find-definition.ts'
import { withReader } from './read-warehouse.ts'
import { statusOf } from './run-outcome.ts'
import { withTemporal } from './servers.ts'
import type { Servers } from './servers.ts'
import { settle } from './true-runs.ts'

/** All that is known of a run. */
export interface KnownRun {
  readonly status: RunStatus
  /** Absent: the warehouse has no row of it. */
  readonly recorded: RunDescription | undefined
  /** Absent: Temporal has forgotten it, or is not there. */
  readonly view: RunView | undefined
}

/** Asks the warehouse and Temporal. @throws RunNotFound when neither knows the run */
export async function readStatus(context: CommandContext, servers: Servers, run: NamedRun): Promise<KnownRun> {
  const { recorded, segments } = await readRecord(servers, run)
  const view = await readWorkflow(context, servers, run)
  const status = mergeStatus(recorded, view, namesOf(segments))
  if (!status)
    throw new RunNotFound(
      `Neither the warehouse nor Temporal knows run ${run.text} of target ${context.targetName}.`,
      `See what there is: resegment runs ${run.definition.pipeline.pipeline}`,
    )
  return { status, recorded, view }
}

async function readRecord(
  { environment }: Servers,
  { definition, runKey, revision, isDry }: NamedRun,
): Promise<{ recorded: RunDescription | undefined; segments: readonly SegmentRow[] }> {
  if (isDry) return { recorded: undefined, segments: [] }
  await settle(environment, warehouseOf(definition))
  return withReader(environment, definition, async (reader) => ({
    recorded: await reader.describeRun(runKey, revision),
    segments: await reader.segments(definition.pipeline.pipeline),
  }))
}

/** What Temporal says now; undefined when it has forgotten the run or is not there: the warehouse remembers. */
async function readWorkflow(
  { targetName }: CommandContext,
  { environment }: Servers,
  { text }: NamedRun,
): Promise<RunView | undefined> {
  try {
    return await withTemporal(environment, async (access) => readRun(access, await findRun(access, targetName, text)))
  } catch (error) {
    if (error instanceof RunNotFound || error instanceof ConnectionFailed) return undefined
    throw error
  }
}

/** Temporal knows better while a run is at work, the warehouse once it is over. */
function mergeStatus(
  recorded: RunDescription | undefined,
  view: RunView | undefined,
  nameOf: (segmentKey: string) => string,
): RunStatus | null {
  const live = view ? statusOf(view) : null
  if (!recorded || (live && view?.end === null)) return live
  const { runKey, revision, pipeline, kind, period, asOf, status, verdict, segments, moved } = recorded
  const { manifestUri, workflowId, temporalRunId } = recorded
  const reported = live ?? recorded.lastStatus
  // The warehouse records a publication inside the last stage, and so without it.
  const isWhole = live !== null && live.stages.length > recorded.stages.length
  return {
    ...{ runKey, revision, pipeline, kind, period, asOf, status, verdict, segments, moved },
    stages: isWhole ? live.stages : recorded.stages,
    // Of a run that was not published the warehouse keeps less than the run itself said.
    checks: reported?.checks ?? recorded.checks.map(toStatusCheck),
    ...(reported?.refit && { refit: reported.refit }),
    moves: reported?.moves ?? (moved === null ? null : summarizeMoves(recorded.transitions, nameOf)),
    lineage: reported?.lineage ?? notableLineage(recorded.lineage),
    artifacts: reported?.artifacts ?? {},
    ...(reported?.pages && { pages: reported.pages }),
    ...(reported?.hold && { hold: reported.hold }),
    ...(reported?.supersededBy !== undefined && { supersededBy: reported.supersededBy }),
    ...{ manifestUri, workflowId, temporalRunId },
  }
}
