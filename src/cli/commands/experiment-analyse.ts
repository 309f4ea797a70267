import type { Command } from 'commander'
import { Option } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { analyseExperiment, type AnalysisOptions } from '../../experiment/analyse-experiment.ts'
import { parseArmShares, type ArmShare } from '../../experiment/arm-shares.ts'
import { experimentAnalysis } from '../../report/experiment-analysis.ts'
import { readOutcomes } from '../../wiring/read-outcomes.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { findExperiment } from '../find-experiment.ts'
import { positiveNumber, properShare } from '../positive-number.ts'
import { wholeNumber } from '../whole-number.ts'

interface AnalyseOptions extends Pick<AnalysisOptions, 'alpha' | 'correction' | 'seed' | 'resamples'> {
  readonly outcomes: string
  readonly metric?: readonly string[]
  readonly customer: string
  readonly arm?: string
  readonly segment: string
  readonly control?: string
  readonly arms?: string
  readonly minimumEffect?: number
}

export function addAnalyse(experiment: Command): void {
  experiment
    .command('analyse')
    .argument('<name>', 'name of the experiment, as it was assigned')
    .description('Judge what came of an experiment: overall and by segment, in words that may be "not known".')
    .requiredOption('--outcomes <file>', 'CSV, JSON or Parquet with a row a customer and a column a metric')
    .option('--metric <column...>', 'what to judge (default: every column of numbers); CUPED uses <column>_before')
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
  const { terminal, environment } = context
  const { alpha, correction, seed, resamples, minimumEffect = null, customer, segment, metric } = options
  const drawn = options.arm === undefined ? await findExperiment(context, name) : null
  const meant = options.arms === undefined ? (drawn?.arms ?? null) : parseArmShares(options.arms)
  const control = options.control ?? meant?.[0]!.name ?? 'control'
  const columns = { customer, segment, arm: options.arm ?? 'arm', ...(metric && { metrics: metric }) }
  const members = drawn?.members ?? null
  const outcomes = await readOutcomes(environment, { path: options.outcomes, columns, control, members })
  const shares = sharesOf(outcomes.armNames, meant)
  terminal.progress('Comparing the arms')
  const analysis = analyseExperiment(outcomes, { control, shares, alpha, correction, minimumEffect, resamples, seed })
  terminal.document({ experiment: name, ...analysis })
  terminal.say(...experimentAnalysis(name, analysis))
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
