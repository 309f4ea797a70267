import { WrongUsage } from '../errors/wrong-usage.ts'
import type { MeasuredSpan } from '../experiment/measured-outcomes.ts'
import type { Outcomes } from '../experiment/outcomes.ts'
import { resolveAsOf } from '../plan/period.ts'
import { measureOutcomes } from '../wiring/measure-outcomes.ts'
import { formatRunId } from '../run/run-key.ts'
import type { CommandContext } from './command-context.ts'
import type { findExperiment } from './find-experiment.ts'
import { namedRun } from './find-definition.ts'
import { readStatus } from './read-status.ts'
import { withServers } from './servers.ts'

export interface MeasureOptions {
  /** The run whose rows tell it. */
  readonly by: string
  readonly from?: string
  readonly until?: string
  readonly metric?: readonly string[]
}

/** What became of the customers of an experiment, as a run tells it. @throws WrongUsage, RunNotFound, ArtifactMissing */
export async function outcomesByRun(
  context: CommandContext,
  experiment: Awaited<ReturnType<typeof findExperiment>>,
  control: string,
  { by, from, until, metric }: MeasureOptions,
): Promise<{ readonly outcomes: Outcomes; readonly span: MeasuredSpan }> {
  const run = namedRun(context, by)
  const { definition } = run
  if (definition.pipeline.pipeline !== experiment.pipeline)
    throw new WrongUsage(
      `Experiment ${experiment.name} was drawn from ${experiment.pipeline}, but ${by} is a run of ${definition.pipeline.pipeline}.`,
      `Name a run of ${experiment.pipeline} with --by.`,
    )
  return withServers(context, definition.target, 'start', async (servers) => {
    const { status } = await readStatus(context, servers, run)
    const { asOf, artifacts } = status
    const span = {
      from: from === undefined ? experiment.assignedAt : resolveAsOf(definition.pipeline, from),
      until: until === undefined ? asOf : resolveAsOf(definition.pipeline, until),
    }
    if (Date.parse(span.until) > Date.parse(asOf))
      throw new WrongUsage(
        `${formatRunId(status)} looks from ${asOf}: it knows nothing of what came until ${span.until}.`,
        'Name a later run with --by, or an earlier --until.',
      )
    if (!(Date.parse(span.from) < Date.parse(span.until)))
      throw new WrongUsage(
        `Nothing lies between ${span.from}, ${from === undefined ? `when ${experiment.name} was drawn` : '--from'}, and ${span.until}.`,
        'Name a later run with --by, or say with --from when the arms were first treated differently.',
      )
    const outcomes = await measureOutcomes(servers.environment, {
      ...{ definition, span, metrics: metric, control },
      by: { run: formatRunId(status), cleanUri: artifacts.cleanse },
      members: experiment.members,
    })
    return { outcomes, span }
  })
}
