import type { Command } from 'commander'
import { findRun } from '../../client/find-run.ts'
import { readRun } from '../../client/read-run.ts'
import type { RunView } from '../../client/read-run.ts'
import { ConnectionFailed } from '../../errors/connection-failed.ts'
import { RunNotFound } from '../../errors/run-not-found.ts'
import type { RunDescription, SegmentRow } from '../../ports/warehouse-reader.ts'
import { namesOf, runDescription } from '../../report/run-description.ts'
import type { RunStatus } from '../../run/run-status.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { namedRun } from '../find-definition.ts'
import type { NamedRun } from '../find-definition.ts'
import { withReader } from '../read-warehouse.ts'
import { statusOf } from '../run-outcome.ts'
import { withServers, withTemporal } from '../servers.ts'
import type { Servers } from '../servers.ts'

export function addDescribe(program: Command): void {
  program
    .command('describe')
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description('Show a run: stages, segments, checks, who moved and why, who decided what.')
    .action(act(describe))
}

async function describe(context: CommandContext, text: string): Promise<void> {
  const run = namedRun(context, text)
  const { recorded, view, segments } = await withServers(context, run.definition.target, 'start', async (servers) => ({
    ...(await readRecord(servers, run)),
    view: await readWorkflow(context, servers, run),
  }))
  const status = mergeStatus(recorded, view)
  if (!status)
    throw new RunNotFound(
      `Neither the warehouse nor Temporal knows run ${run.text} of target ${context.targetName}.`,
      `See what there is: resegment runs ${run.definition.pipeline.pipeline}`,
    )
  const background = {
    isLive: recorded?.isLive ?? false,
    transitions: recorded?.transitions ?? [],
    dataQuality: recorded?.dataQuality ?? [],
    events: recorded?.events ?? [],
    failure: recorded?.failure ?? (view?.end?.how === 'failed' ? view.end.message : null),
  }
  context.terminal.document({ ...recorded, ...status, ...background, trouble: view?.trouble ?? null })
  context.terminal.say(...runDescription(status, { ...background, nameOf: namesOf(segments) }))
  if (view?.trouble)
    context.terminal.say('', `Attempt ${view.trouble.attempt} of ${view.trouble.activityId}: ${view.trouble.message}`)
}

function readRecord(
  { environment }: Servers,
  { definition, runKey, revision }: NamedRun,
): Promise<{ recorded: RunDescription | undefined; segments: readonly SegmentRow[] }> {
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
function mergeStatus(recorded: RunDescription | undefined, view: RunView | undefined): RunStatus | null {
  const live = view ? statusOf(view) : null
  if (!recorded || (live && view?.end === null)) return live
  const { runKey, revision, pipeline, period, asOf, status, verdict, segments, moved } = recorded
  const { manifestUri, workflowId, temporalRunId } = recorded
  const checks = recorded.checks.map(({ gate, outcome, value }) => ({ gate, outcome, value }))
  // The warehouse records a publication inside the last stage, and so without it.
  const isWhole = live !== null && live.stages.length > recorded.stages.length
  return {
    ...{ runKey, revision, pipeline, period, asOf, status, verdict, segments },
    ...(isWhole ? { stages: live.stages, checks: live.checks } : { stages: recorded.stages, checks }),
    ...{ moved, manifestUri, workflowId, temporalRunId },
  }
}
