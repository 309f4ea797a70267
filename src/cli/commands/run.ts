import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import type { TemporalAccess } from '../../client/connect.ts'
import { startRun } from '../../client/start-run.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { newestRevision } from '../newest-revision.ts'
import { lastPeriodEnd, resolveAsOf, runKeyOf, zoneOf } from '../../plan/period.ts'
import type { Definition } from '../../plan/definition.ts'
import { formatLocal } from '../../report/figures.ts'
import { formatRunId } from '../../run/run-key.ts'
import { refitPolicies } from '../../run/refit-policy.ts'
import type { RefitPolicy } from '../../run/refit-policy.ts'
import type { RunKind } from '../../run/run-kind.ts'
import { dryStageNames } from '../../run/stage.ts'
import type { DryStageName } from '../../run/stage.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { definitionOf } from '../find-definition.ts'
import { follow } from '../follow.ts'
import { prepareServers } from '../prepare-servers.ts'
import { readFeatures } from '../read-features.ts'
import { tellOutcome, whereToLook } from '../run-outcome.ts'
import { checkEmbedded, withServers, withTemporal } from '../servers.ts'
import type { Servers } from '../servers.ts'
import { wholeNumber } from '../whole-number.ts'
import { warnOfMissingWorker, withWorker } from '../local-worker.ts'
import { waitForSyncs } from '../wait-for-syncs.ts'

export interface RunCommandOptions {
  readonly asOf?: string
  readonly score?: boolean
  readonly refit?: RefitPolicy
  readonly revision?: number | 'next'
  readonly newIds?: boolean
  readonly historical?: boolean
  readonly dryRun?: boolean
  readonly until?: DryStageName
  readonly sample?: number
  readonly detach?: boolean
  readonly embedded?: boolean
}

export function addRun(program: Command): void {
  program
    .command('run')
    .argument('<pipeline>', 'name of the pipeline')
    .description('Start a run, or attach to it when it runs or is done, and follow it to its end.')
    .option('--as-of <date>', 'date in the zone of the pipeline, or ISO instant (default: the end of the last period)')
    .option(
      '--score',
      'place the customers with the live model: no segment can appear (default as-of: the start of today)',
    )
    .option('--refit <policy>', `in place of cluster.refit, for this run: ${refitPolicies.join(', ')}`, refitOption)
    .option('--revision <revision>', 'next, or a number (default: 1)', revisionOption)
    .option('--new-ids', 'customers may come out under other ids than those that are live: all of them are new')
    .option('--historical', 'with --as-of: put the run into the history before what is live, which stays as it is')
    .option('--dry-run', 'compare with what is live and write nothing for consumers')
    .option(
      '--until <stage>',
      `with --dry-run, the stage after which it ends: ${dryStageNames.join(', ')} (default: validate)`,
      untilOption,
    )
    .option(
      '--sample <customers>',
      'with --dry-run, look at about so many customers, the same ones each time (default: all)',
      wholeNumber,
    )
    .option('--detach', 'start the run and do not follow it')
    .option('--embedded', 'bring servers and a worker up for this command')
    .action(act(runPipeline))
}

export async function runPipeline(
  context: CommandContext,
  pipelineName: string,
  options: RunCommandOptions,
): Promise<ExitCode> {
  checkUntil(pipelineName, options)
  checkSample(pipelineName, options)
  checkRefit(options)
  checkHistorical(pipelineName, options)
  const definition = definitionOf(context, pipelineName)
  const asOf = asOfOf(definition, options.asOf, kindOf(options))
  if (!options.embedded)
    return withServers(context, definition.target, 'join', (servers) =>
      withTemporal(servers.environment, async (access) => {
        await warnOfMissingWorker(context.terminal, access, definition.targetName)
        return runOnce(context, servers, access, { definition, asOf, options })
      }),
    )
  checkEmbedded(context, definition.target)
  if (options.detach)
    throw new WrongUsage(
      '--detach leaves the run to a worker that stays, but that of --embedded ends with the command.',
      'Leave one of them out.',
    )
  return withServers(context, definition.target, 'start', (servers) =>
    withTemporal(servers.environment, async (access) => {
      await prepareServers(servers, access, [definition])
      return withWorker(context, servers.environment, () =>
        runOnce(context, servers, access, { definition, asOf, options: { ...options, staysUp: false } }),
      )
    }),
  )
}

interface RunRequest {
  readonly definition: Definition
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly options: Pick<
    RunCommandOptions,
    'score' | 'refit' | 'revision' | 'historical' | 'newIds' | 'dryRun' | 'until' | 'sample' | 'detach'
  > & {
    /** The servers go on after the command. Default: true. */
    readonly staysUp?: boolean
  }
}

/** One run on servers that are ready, from its start to its report. */
export async function runOnce(
  context: CommandContext,
  { environment, stack, signal }: Servers,
  access: TemporalAccess,
  { definition, asOf, options }: RunRequest,
): Promise<ExitCode> {
  const { terminal, stateFolder, targetName } = context
  const { until, sample } = options
  const kind = kindOf(options)
  const runKey = runKeyOf(definition.pipeline, asOf, kind)
  const revision =
    options.revision === 'next'
      ? 1 + (await newestRevision(environment, access, definition, runKey))
      : (options.revision ?? 1)
  const started = await startRun(access, {
    definition,
    asOf,
    revision,
    options: {
      ...(kind === 'score' && { kind }),
      ...(options.refit && { refit: options.refit }),
      ...(options.newIds && { newIds: true }),
      ...(options.historical && { historical: true }),
      ...(options.dryRun && { dryRun: true, ...(until && { until }), ...(sample !== undefined && { sample }) }),
    },
  })
  const { workflowId, attached } = started
  terminal.say(
    `${formatRunId(started)} as of ${formatLocal(asOf, zoneOf(definition.pipeline))}${attached ? ': attached to the run that was there' : ''}`,
  )
  if (options.detach) {
    terminal.document({ ...started })
    terminal.say(`Follow it: resegment describe ${formatRunId(started)}`)
    return exitCodes.done
  }
  const last = until ?? (options.dryRun ? 'validate' : 'publish')
  const view = await follow({ terminal, access, targetName, workflowId, signal, until: last })
  signal.throwIfAborted()
  const { status } = view
  const isLooked = status?.status === 'dry_run' && (until === 'features' || until === 'cluster')
  const features = isLooked ? await readFeatures(context, environment, definition, status) : undefined
  const exitCode = tellOutcome(context, view, features)
  // With a worker that stays, telling destinations is its affair.
  if (status?.status === 'published' && options.staysUp === false)
    await waitForSyncs(context, access, definition, status, signal)
  if (status?.status === 'published')
    terminal.say(
      '',
      ...whereToLook({
        ...{ definition, status, stack, stateFolder, staysUp: options.staysUp ?? true },
        isHistorical: options.historical === true,
      }),
    )
  return exitCode
}

/** @throws ConfigInvalid when the as-of is no instant, or none was given and the pipeline has no schedule */
export function asOfOf({ pipeline }: Definition, asOf: string | undefined, kind: RunKind = 'refit'): string {
  // The one place where a run may depend on the clock: when it is started by hand without an as-of.
  return asOf === undefined ? lastPeriodEnd(pipeline, new Date().toISOString(), kind) : resolveAsOf(pipeline, asOf)
}

function kindOf({ score = false }: Pick<RunCommandOptions, 'score'>): RunKind {
  return score ? 'score' : 'refit'
}

/** @throws WrongUsage */
function checkUntil(pipelineName: string, { until, dryRun }: RunCommandOptions): void {
  if (until === undefined || dryRun) return
  throw new WrongUsage(
    `A run that publishes goes on to its end: it cannot stop after ${until}.`,
    `Add --dry-run: resegment run ${pipelineName} --dry-run --until ${until}`,
  )
}

/** @throws WrongUsage */
function checkSample(pipelineName: string, { sample, dryRun }: RunCommandOptions): void {
  if (sample === undefined || dryRun) return
  throw new WrongUsage(
    `A run that publishes looks at all customers, not at ${sample} of them.`,
    `Add --dry-run: resegment run ${pipelineName} --dry-run --sample ${sample}`,
  )
}

/** @throws WrongUsage */
function checkRefit({ score, refit }: RunCommandOptions): void {
  if (score && refit !== undefined) throw new WrongUsage('A score run never refits.', 'Leave out --refit, or --score.')
}

/** @throws WrongUsage */
function checkHistorical(pipelineName: string, { historical, asOf }: RunCommandOptions): void {
  if (!historical || asOf !== undefined) return
  throw new WrongUsage(
    'A run that fills in the past needs to be told where.',
    `Add the as-of: resegment run ${pipelineName} --as-of <date> --historical`,
  )
}

function refitOption(text: string): RefitPolicy {
  const policy = refitPolicies.find((name) => name === text)
  if (policy !== undefined) return policy
  throw new InvalidArgumentError(`One of ${refitPolicies.join(', ')} is wanted.`)
}

function untilOption(text: string): DryStageName {
  const stage = dryStageNames.find((name) => name === text)
  if (stage !== undefined) return stage
  throw new InvalidArgumentError(
    text === 'publish'
      ? 'A dry run does not publish; a run that does needs no --until.'
      : `One of ${dryStageNames.join(', ')} is wanted.`,
  )
}

function revisionOption(text: string): number | 'next' {
  if (text === 'next') return 'next'
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('next, or a whole number of at least 1 is wanted.')
  return Number(text)
}
