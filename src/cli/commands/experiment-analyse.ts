import type { Command } from 'commander'
import { Option } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { analyseExperiment, type AnalysisOptions } from '../../experiment/analyse-experiment.ts'
import { parseArmShares, type ArmShare } from '../../experiment/arm-shares.ts'
import { notesOnUntreated } from '../../experiment/untreated-control.ts'
import { experimentAnalysis } from '../../report/experiment-analysis.ts'
import type { MeasuredSpan } from '../../experiment/measured-outcomes.ts'
import type { Outcomes } from '../../experiment/outcomes.ts'
import { readOutcomes } from '../../wiring/read-outcomes.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { outcomesByRun } from '../experiment-outcomes.ts'
import { findExperiment } from '../find-experiment.ts'
import { positiveNumber, properShare } from '../positive-number.ts'
import { wholeNumber } from '../whole-number.ts'

interface AnalyseOptions extends Pick<AnalysisOptions, 'alpha' | 'correction' | 'seed' | 'resamples'> {
  readonly outcomes?: string
  readonly by?: string
  readonly from?: string
  readonly until?: string
  readonly metric?: readonly string[]
  readonly customer: string
  readonly arm?: string
  readonly segment: string
  readonly control?: string
  readonly arms?: string
  readonly minimumEffect?: number
}

type Drawn = Awaited<ReturnType<typeof findExperiment>>

export function addAnalyse(experiment: Command): void {
  experiment
    .command('analyse')
    .argument('<name>', 'name of the experiment, as it was assigned')
    .description('Judge what came of an experiment: overall and by segment, in words that may be "not known".')
    .option('--outcomes <file>', 'CSV, JSON or Parquet with a row a customer and a column a metric')
    .addOption(
      new Option('--by <run>', 'count outcomes in the rows of this later run: orders, spend, responses').conflicts([
        'outcomes',
        'arm',
      ]),
    )
    .option('--from <date>', 'with --by: when the arms were first treated differently (default: when it was assigned)')
    .option('--until <date>', 'with --by: where the outcome ends (default: what the run looks from)')
    .option('--metric <column...>', 'what to judge (default: all there is); CUPED uses <column>_before')
    .option('--customer <column>', 'whose row it is', 'customer_id')
    .option('--arm <column>', 'who was in which arm (default: what was assigned)')
    .option('--segment <column>', 'the segment, where --arm says the arm', 'segment')
    .option('--control <arm>', 'which arm the others are compared with (default: the first of --arms, or control)')
    .option('--arms <shares>', 'sizes that were meant, such as control:0.5,offer:0.5 (default: as assigned, or equal)')
    .option('--minimum-effect <number>', 'smallest difference that matters, such as 0.01', positiveNumber)
    .option('--alpha <share>', 'how often to be wrong where there is no effect', properShare, 0.05)
    .addOption(
      new Option('--correction <method>', 'what many comparisons are adjusted by')
        .choices(['holm', 'benjamini-hochberg'])
        .default('holm'),
    )
    .option('--resamples <number>', 'of the bootstrap', wholeNumber, 2000)
    .option('--seed <number>', 'same seed, same intervals', wholeNumber, 20_240_101)
    .action(act(analyse))
}

async function analyse(context: CommandContext, name: string, options: AnalyseOptions): Promise<void> {
  const { terminal } = context
  const { alpha, correction, seed, resamples, minimumEffect = null } = options
  const drawn = options.arm === undefined ? await findExperiment(context, name) : null
  const meant = options.arms === undefined ? (drawn?.arms ?? null) : parseArmShares(options.arms)
  const control = options.control ?? meant?.[0]!.name ?? 'control'
  const { outcomes, span } = await outcomesOf(context, drawn, control, options)
  const shares = sharesOf(outcomes.armNames, meant)
  terminal.progress('Comparing the arms')
  const analysis = analyseExperiment(outcomes, { control, shares, alpha, correction, minimumEffect, resamples, seed })
  const notes = span ? notesOnUntreated(analysis) : []
  terminal.document({ experiment: name, ...(span && { span }), ...analysis, notes })
  terminal.say(...experimentAnalysis(name, analysis, notes))
}

async function outcomesOf(
  context: CommandContext,
  drawn: Drawn | null,
  control: string,
  { outcomes: path, by, from, until, metric, customer, segment, arm = 'arm' }: AnalyseOptions,
): Promise<{ readonly outcomes: Outcomes; readonly span?: MeasuredSpan }> {
  if (by !== undefined && drawn) return outcomesByRun(context, drawn, control, { by, from, until, metric })
  if (path === undefined)
    throw new WrongUsage(
      'Nothing says what came of the experiment.',
      'Name a later run with --by, whose rows tell it, or a file with --outcomes.',
    )
  const columns = { customer, segment, arm, ...(metric && { metrics: metric }) }
  return {
    outcomes: await readOutcomes(context.environment, { path, columns, control, members: drawn?.members ?? null }),
  }
}

/** @throws WrongUsage when arms are not those that were meant */
function sharesOf(names: readonly string[], meant: readonly ArmShare[] | null): readonly number[] {
  if (meant === null) return names.map(() => 1 / names.length)
  const shares = new Map(meant.map(({ name, share }) => [name, share]))
  const unknown = names.filter((name) => !shares.has(name))
  if (unknown.length > 0 || names.length < shares.size)
    throw new WrongUsage(
      `The outcomes have the arms ${names.join(', ')}; meant were ${[...shares.keys()].join(', ')}.`,
      'Say with --arms which arms there are: --arms control:0.5,offer:0.5',
    )
  return names.map((name) => shares.get(name)!)
}
