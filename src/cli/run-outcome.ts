import { dirname, join } from 'node:path'
import type { RunEnd, RunView } from '../client/read-run.ts'
import type { Definition } from '../plan/definition.ts'
import { featureDistributions } from '../report/feature-distributions.ts'
import { gatePages } from '../report/gate-pages.ts'
import { checkTable, headline, lineageBlock, moveBlock, sampleBlock, segmentTable } from '../report/run-report.ts'
import { SCREEN_COLUMNS, wrapText } from '../report/wrap-text.ts'
import { formatCount } from '../run/figures.ts'
import type { ComparisonPages } from '../run/comparison-pages.ts'
import { formatRunId } from '../run/run-key.ts'
import type { LiveModelOutcome, RunState, RunStatus } from '../run/run-status.ts'
import { targetOption } from '../run/target-option.ts'
import { movedText } from '../run/verdict-text.ts'
import type { FeatureDistributions } from '../stages/features/distribution.ts'
import type { ExitCode } from './exit-code.ts'
import { exitCodeOfRun, exitCodes } from './exit-code.ts'
import type { Stack } from '../wiring/stack.ts'
import type { CommandContext } from './command-context.ts'

/**
 * Tells how a followed run came out: what changed, why, what to do now.
 *
 * @param features what a dry run until features found
 * @returns the command's exit code
 */
export function tellOutcome(
  { terminal, targetName }: CommandContext,
  view: RunView,
  features?: FeatureDistributions,
): ExitCode {
  const status = statusOf(view)
  if (!status) {
    const message = view.end?.how === 'failed' ? view.end.message : `Run ${view.workflowId} ${endWords(view.end)}.`
    terminal.document({ error: { type: 'RunFailed', what: message, remedy: null } })
    terminal.complain(message)
    return exitCodes.failed
  }
  terminal.document({ ...status, ...(features && { features }) })
  terminal.say('', headline(status), ...sampleBlock(status))
  if (status.segments.length > 0) terminal.say('', ...segmentTable(status.segments))
  if (status.checks.length > 0) terminal.say('', ...checkTable(status))
  if (status.verdict !== null) terminal.say('', movedText(status.moved, status))
  terminal.say(...lineageBlock(status), ...moveBlock(status))
  if (status.pages) terminal.say('', `Comparison  ${comparisonOf(status, status.pages, targetName)}`)
  if (status.pages && status.status !== 'dry_run')
    terminal.say(`Report      resegment report ${formatRunId(status)}${targetOption(targetName)} --open`)
  if (features) terminal.say('', ...featureDistributions(features))
  if (status.status === 'held') terminal.say(...gatePages(status, targetName), '', ...decisionLines(status, targetName))
  if (view.end?.how === 'failed') terminal.complain('', view.end.message)
  return exitCodeOfRun(status.status, status.supersededBy)
}

export interface Whereabouts {
  readonly definition: Definition
  readonly status: RunStatus
  readonly stack: Stack | undefined
  readonly stateFolder: string
  /** The embedded servers go on after the command. */
  readonly staysUp: boolean
  /** It is in the history alone. */
  readonly isHistorical: boolean
}

/** Where the result of a published run is. */
export function whereToLook(whereabouts: Whereabouts): readonly string[] {
  const { status, stack, stateFolder, staysUp } = whereabouts
  const query = `select segment_name, count(*) from ${shownIn(whereabouts)} group by 1 order by 2`
  const isEmbedded = stack !== undefined && Object.keys(stack.overrides).length > 0
  // The password of servers of ours is for a laptop; that of others is theirs.
  const isOurs = stack?.overrides['WAREHOUSE_URL'] !== undefined
  const warehouse = isOurs ? `"${stack.endpoints.warehouse}"` : '"$WAREHOUSE_URL"'
  return [
    ...(isEmbedded && !staysUp
      ? [`SQL       ${query}`]
      : [`SQL       psql ${warehouse} \\`, `            -c "${query}"`]),
    ...filesLines(status, isEmbedded ? stateFolder : undefined),
    ...(staysUp && stack?.endpoints.temporalUi !== undefined
      ? [`Temporal  ${stack.endpoints.temporalUi}, workflow ${status.workflowId}`]
      : []),
  ]
}

function shownIn({ definition: { target }, status, isHistorical }: Whereabouts): string {
  if (!isHistorical) return `${target.schema}.${status.pipeline}_customers`
  const { pipeline, asOf } = status
  return `${target.schema}.customer_segment_history where pipeline = '${pipeline}' and valid_from <= '${asOf}' and (valid_to > '${asOf}' or valid_to is null)`
}

/** Objects of the embedded S3 server are plain files. */
function filesLines({ manifestUri }: RunStatus, stateFolder: string | undefined): readonly string[] {
  if (manifestUri === null) return []
  const isS3 = manifestUri.startsWith('s3://')
  return [
    `Files     ${manifestUri}`,
    ...(isS3 && stateFolder !== undefined
      ? [`          on disk: ${join(stateFolder, 's3', dirname(manifestUri.slice('s3://'.length)))}`]
      : []),
  ]
}

/** The status with what Temporal knows better: a run that was terminated could not say so itself. */
export function statusOf({ status, end }: RunView): RunStatus | null {
  if (status === null) return null
  const states: Partial<Record<RunEnd['how'], RunState>> = {
    failed: 'failed',
    cancelled: 'cancelled',
    terminated: 'cancelled',
    'timed-out': 'failed',
  }
  const isRejected = status.status === 'rejected'
  return { ...status, status: (end && !isRejected && states[end.how]) || status.status }
}

/** A command is short, and opens what an address in a bucket does not. Of a dry run, whose name depends on its options, the address. */
function comparisonOf(status: RunStatus, { html }: ComparisonPages, targetName: string): string {
  if (status.status === 'dry_run') return html
  return `resegment compare ${formatRunId(status)}${targetOption(targetName)} --open`
}

/** What a held run wants, and how to look closer first. */
export function decisionLines(status: RunStatus, targetName: string): readonly string[] {
  const run = formatRunId(status) + targetOption(targetName)
  return [
    'It waits for a person. Look, then decide:',
    ...(status.pages ? [`  resegment compare ${run} --open`] : []),
    ...(status.moves === null ? [] : [`  resegment moves ${run}`]),
    `  resegment approve ${run} --reason "…"`,
    `  resegment reject ${run} --reason "…"`,
    ...(status.byLiveModel
      ? [
          `  resegment use-live-model ${run} --reason "…"`,
          ...wrapText(liveModelText(status.byLiveModel), SCREEN_COLUMNS - 4).map((line) => `    ${line}`),
        ]
      : []),
    'Without a running worker decide with --embedded.',
  ]
}

/** What the third door gives. */
function liveModelText({ verdict, moved, customers }: LiveModelOutcome): string {
  const who = moved === null ? '' : `, and ${formatCount(moved)} of ${formatCount(customers)} customers would move`
  return `keeps the live segments and places today's customers in them: verdict ${verdict}${who}.`
}

function endWords(end: RunEnd | null): string {
  return end ? `ended: ${end.how}` : 'has not answered: no worker serves it'
}
