import type { Command } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { parseArmShares } from '../../experiment/arm-shares.ts'
import { planExperiment, type SegmentBaseline } from '../../experiment/plan-experiment.ts'
import { experimentPlan } from '../../report/experiment-plan.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf, warehouseOf } from '../find-definition.ts'
import { withExperiments } from '../find-experiment.ts'
import { positiveNumber, properShare } from '../positive-number.ts'
import { wholeNumber } from '../whole-number.ts'

interface PlanCommandOptions {
  readonly metric: string
  readonly minimumEffect: number
  readonly baseline?: number
  readonly deviation?: number
  readonly arms: string
  readonly bySegment?: boolean
  readonly alpha: number
  readonly power: number
  readonly perWeek?: number
}

export function addPlan(experiment: Command): void {
  experiment
    .command('plan')
    .argument('<pipeline>', 'name of the pipeline')
    .description('How many customers an experiment takes, and whether the live segments have as many.')
    .requiredOption('--metric <feature>', 'what is to change: a published feature, or a name for --baseline')
    .requiredOption('--minimum-effect <number>', 'smallest difference that matters, such as 0.01', positiveNumber)
    .option('--baseline <number>', 'what it is today (default: of the published feature, by segment)', positiveNumber)
    .option('--deviation <number>', 'its standard deviation; without it --baseline is a share', positiveNumber)
    .option('--arms <shares>', 'arms and their shares, the control first', 'control:0.5,treatment:0.5')
    .option('--by-segment', 'to be certain of every segment by itself')
    .option('--per-week <customers>', 'how many can be reached in a week, for the duration', wholeNumber)
    .option('--alpha <share>', 'how often to be wrong where there is no effect', properShare, 0.05)
    .option('--power <share>', 'how often to find an effect that is there', properShare, 0.8)
    .action(act(plan))
}

async function plan(context: CommandContext, pipeline: string, options: PlanCommandOptions): Promise<void> {
  const { metric, minimumEffect, baseline, alpha, power, perWeek = null, bySegment = false } = options
  const arms = parseArmShares(options.arms)
  const address = warehouseOf(definitionOf(context, pipeline))
  const found = await withExperiments(context, address, (experiments) =>
    experiments.baselines(pipeline, baseline === undefined ? metric : null),
  )
  if (found.length === 0)
    throw new WrongUsage(
      `Nothing of ${pipeline} is live, so that it has no segments.`,
      `Run it: resegment run ${pipeline}`,
    )
  const baselines = baseline === undefined ? published(found, metric) : stated(found, { ...options, baseline })
  const planned = planExperiment(baselines, bySegment, { arms, minimumEffect, alpha, power, perWeek })
  const kind = baselines.every(({ isShare }) => isShare) ? 'share' : 'mean'
  context.terminal.document({ pipeline, metric, kind, alpha, power, ...planned })
  context.terminal.say(...experimentPlan(metric, kind, planned))
}

/** @throws WrongUsage when no customer of a segment has the feature */
function published(found: readonly SegmentBaseline[], metric: string): readonly SegmentBaseline[] {
  const known = found.filter(({ mean }) => mean !== null)
  if (known.length === 0)
    throw new WrongUsage(
      `No customer has a published feature ${metric}.`,
      'Publish it (publish.features), or say with --baseline what it is today.',
    )
  const isShare = known.every((one) => one.isShare)
  return known.map((one) => ({ ...one, isShare }))
}

/** @throws WrongUsage when a share is none */
function stated(
  found: readonly SegmentBaseline[],
  { baseline, deviation }: { readonly baseline: number; readonly deviation?: number },
): readonly SegmentBaseline[] {
  const isShare = deviation === undefined
  if (isShare && baseline >= 1)
    throw new WrongUsage(`A baseline of ${baseline} is no share.`, 'Give --deviation where it is a mean.')
  return found.map((one) => ({ ...one, mean: baseline, deviation: deviation ?? null, isShare }))
}
