import { InvalidArgumentError, type Command } from 'commander'
import type { TemporalAccess } from '../../client/connect.ts'
import { startRun } from '../../client/start-run.ts'
import {
  methodNames,
  type Variant,
  variantAsWritten,
  variantOfFile,
  variantOfMethod,
} from '../../config/load-variants.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { closedPeriods } from '../../plan/closed-periods.ts'
import type { Definition } from '../../plan/definition.ts'
import { resolveAsOf } from '../../plan/period.ts'
import { windowEnd } from '../../plan/review.ts'
import { reviewSettingsOf } from '../../plan/review-config.ts'
import { type TrialLine, trialLine, trialLines } from '../../report/trial-lines.ts'
import { formatDryRunId } from '../../run/dry-run-id.ts'
import { readTrials, type OutcomeRun } from '../../wiring/effectiveness.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes, type ExitCode } from '../exit-code.ts'
import { follow } from '../follow.ts'
import { warnOfMissingWorker, withWorker } from '../local-worker.ts'
import { prepareServers } from '../prepare-servers.ts'
import { statusOf } from '../run-outcome.ts'
import { checkEmbedded, type Servers, withServers, withTemporal } from '../servers.ts'

interface TrialOptions {
  readonly asOf: string
  readonly methods?: readonly (typeof methodNames)[number][]
  readonly definitions?: readonly string[]
  readonly embedded?: boolean
}

/** A dry run removes what the one of the same name before it stored: those of a trial have revisions of their own, far from all others. */
const FIRST_REVISION = 900_001
/** Names of so many closed periods are understood. */
const NAMED_PERIODS = 60

export function addTrial(program: Command): void {
  program
    .command('trial')
    .argument('<pipeline>', 'name of a pipeline')
    .description('Try several ways to segment on a past period, publish none, and judge each by the period after.')
    .requiredOption(
      '--as-of <period>',
      'what the trials look from: a period that is over as 2026-Q2, a date or an instant',
    )
    .option('--methods <method...>', `the pipeline with another method each: ${methodNames.join(', ')}`, methodOption)
    .option('--definitions <file...>', 'pipeline files to try')
    .option('--embedded', 'bring servers and a worker up for this command')
    .action(act(tryVariants))
}

async function tryVariants(context: CommandContext, pipeline: string, options: TrialOptions): Promise<ExitCode> {
  const { terminal, projectFolder, targetName } = context
  const base = { folder: projectFolder, pipeline, targetName }
  const written = variantAsWritten(base)
  // All that can be wrong with definitions is said before anything runs.
  const variants = [
    written,
    ...(options.methods ?? []).map((method) => variantOfMethod(base, method)),
    ...(options.definitions ?? []).map((file) => variantOfFile(base, file)),
  ]
  const span = spanOf(written.definition, options.asOf)
  const use = options.embedded ? 'start' : 'join'
  if (options.embedded) checkEmbedded(context, written.definition.target)
  return withServers(context, written.definition.target, use, (servers) =>
    withTemporal(servers.environment, async (access) => {
      const judge = () => judgeVariants(context, servers, access, variants, span)
      if (!options.embedded) {
        await warnOfMissingWorker(terminal, access, targetName)
        return judge()
      }
      await prepareServers(servers, access, [written.definition])
      return withWorker(context, servers.environment, judge)
    }),
  )
}

interface Span {
  /** ISO 8601, UTC. */
  readonly from: string
  readonly until: string
}

async function judgeVariants(
  context: CommandContext,
  servers: Servers,
  access: TemporalAccess,
  variants: readonly Variant[],
  { from, until }: Span,
): Promise<ExitCode> {
  const { terminal } = context
  const failures = new Map<string, string>()
  const tried: { readonly name: string; readonly judged: OutcomeRun; readonly later: OutcomeRun }[] = []
  for (const [i, { name, definition }] of variants.entries()) {
    terminal.say(`${name}:`)
    const revision = FIRST_REVISION + i
    // Both at once: neither needs the other.
    const started = [
      await startDry(access, definition, from, revision),
      await startDry(access, definition, until, revision),
    ]
    const [judged, later] = [
      await followDry(context, servers, access, started[0]!),
      await followDry(context, servers, access, started[1]!),
    ]
    if ('failure' in judged) failures.set(name, judged.failure)
    else if ('failure' in later) failures.set(name, later.failure)
    else tried.push({ name, judged, later })
  }
  const [first] = tried
  if (!first || first.name !== variants[0]!.name)
    throw new WrongUsage(
      `The pipeline as it is written cannot be tried: ${failures.get(variants[0]!.name)!}`,
      'Mend it, or choose another period.',
    )
  // One and the same outcome for all: what a definition counts as an order must not decide which is best.
  const { cleanUri } = first.later
  const judgedBy = tried.map(({ judged, later }) => ({ judged, later: { ...later, cleanUri } }))
  const { found, comparison } = await readTrials(servers.environment, variants[0]!.definition, judgedBy)
  const lines = variants.map(({ name }): TrialLine => {
    const at = tried.findIndex((one) => one.name === name)
    if (at !== -1) return trialLine(name, found[at]!)
    return { name, effectiveness: null, ratioToRfm: null, failure: failures.get(name)! }
  })
  const best = comparison.best === null ? null : tried[comparison.best]!.name
  const differences = tried.map(({ name }, at) => ({ name, ...comparison.differences[at]! }))
  terminal.document({ from, until, trials: lines, best, differences })
  terminal.say('', ...trialLines(lines, comparison))
  return exitCodes.done
}

interface StartedDry {
  readonly name: string
  readonly asOf: string
  readonly workflowId: string
}

/** As if it had been made then: compared with what lies before, so that nothing later is known to it. */
async function startDry(
  access: TemporalAccess,
  definition: Definition,
  asOf: string,
  revision: number,
): Promise<StartedDry> {
  const options = { dryRun: true, historical: true, refit: 'always' } as const
  const { attached, workflowId, ...run } = await startRun(access, { definition, asOf, revision, options })
  const name = formatDryRunId(run, options)
  if (!attached) return { name, asOf, workflowId }
  throw new WrongUsage(
    `Another trial of it is under way: ${name}.`,
    `Wait for its end, or cancel it: resegment cancel ${name}`,
  )
}

async function followDry(
  { terminal, targetName }: Pick<CommandContext, 'terminal' | 'targetName'>,
  { signal }: Servers,
  access: TemporalAccess,
  { name, asOf, workflowId }: StartedDry,
): Promise<OutcomeRun | { readonly failure: string }> {
  const view = await follow({ terminal, access, targetName, workflowId, signal, until: 'validate' })
  signal.throwIfAborted()
  const status = statusOf(view)
  if (status?.status !== 'dry_run')
    return {
      failure: view.end?.how === 'failed' ? view.end.message.split('\n')[0]! : `${name} did not come to its end.`,
    }
  return { run: name, asOf, segmentsUri: status.artifacts.validate, cleanUri: status.artifacts.cleanse }
}

/** @throws WrongUsage when the period after is not over; ConfigInvalid */
function spanOf({ pipeline }: Definition, text: string): Span {
  const now = new Date().toISOString()
  const named = closedPeriods(pipeline, now, NAMED_PERIODS).find(({ name }) => name === text)
  const from = named?.end ?? resolveAsOf(pipeline, text)
  const until = windowEnd(pipeline, reviewSettingsOf(pipeline), from)
  if (Date.parse(until) <= Date.parse(now)) return { from, until }
  throw new WrongUsage(
    `What looks from ${from} is judged by what comes until ${until}, which is not over yet.`,
    'Choose an earlier --as-of, or a shorter `review.window`.',
  )
}

function methodOption(text: string, before: TrialOptions['methods'] = []): NonNullable<TrialOptions['methods']> {
  const method = methodNames.find((name) => name === text)
  if (method === undefined) throw new InvalidArgumentError(`One of ${methodNames.join(', ')} is wanted.`)
  return [...before, method]
}
