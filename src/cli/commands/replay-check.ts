import type { Command } from 'commander'
import { listHistories } from '../../client/list-histories.ts'
import type { Environment } from '../../config/environment.ts'
import type { PayloadNotReadable } from '../../errors/payload-not-readable.ts'
import { payloadCodecsOf } from '../../wiring/payload-codecs.ts'
import { checkReplays, type ReplayOutcome, type ReplayedHistory } from '../../workers/replay-check.ts'
import { installRuntime } from '../../workers/runtime-log.ts'
import { loadWorkflowBundle } from '../../workers/workflow-bundle.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes, type ExitCode } from '../exit-code.ts'
import { readExportedHistories } from '../exported-histories.ts'
import { targetOf } from '../find-definition.ts'
import { workerLogOf } from '../local-worker.ts'
import { withServers, withTemporal } from '../servers.ts'
import { sinceInstant } from '../since-instant.ts'

const DEFAULT_SPAN = '7 days'
const UNREADABLE: PayloadNotReadable['type'] = 'PayloadNotReadable'

interface ReplayCheckOptions {
  readonly since?: string
  readonly histories?: string
}

export function addReplayCheck(program: Command): void {
  program
    .command('replay-check')
    .description(
      'Before a new version is rolled out: say which runs in flight it could not take over. Changes nothing.',
    )
    .option(
      '--since <span>',
      `beside open runs, those that ended no longer ago, which a reset would replay: "12 hours", or since a date (default: "${DEFAULT_SPAN}")`,
      sinceInstant,
    )
    .option(
      '--histories <dir>',
      'look at the histories of this folder instead, as `temporal workflow show --output json` exports them',
    )
    .action(act(replayCheck))
}

async function replayCheck(context: CommandContext, options: ReplayCheckOptions): Promise<ExitCode> {
  const { terminal } = context
  installRuntime({ level: 'error', destination: workerLogOf(context) })
  const outcomes = await replayAll(context, options)
  const broken = outcomes.filter(({ failure }) => failure !== null)
  terminal.document({ replayed: outcomes.length, broken })
  terminal.say(...reportLines(outcomes))
  return broken.length > 0 ? exitCodes.failed : exitCodes.done
}

function replayAll(
  context: CommandContext,
  { since = sinceInstant(DEFAULT_SPAN), histories }: ReplayCheckOptions,
): Promise<readonly ReplayOutcome[]> {
  if (histories !== undefined) return replay(context.environment, readExportedHistories(histories))
  return withServers(context, targetOf(context), 'join', ({ environment }) =>
    withTemporal(environment, (access) => replay(environment, listHistories(access, context.targetName, since))),
  )
}

async function replay(
  environment: Environment,
  histories: AsyncIterable<ReplayedHistory> | Iterable<ReplayedHistory>,
): Promise<readonly ReplayOutcome[]> {
  const workflowBundle = await loadWorkflowBundle()
  return checkReplays({ workflowBundle, payloadCodecs: payloadCodecsOf(environment) }, histories)
}

function reportLines(outcomes: readonly ReplayOutcome[]): string[] {
  if (outcomes.length === 0) return ['There is no history to replay.']
  const broken = outcomes.flatMap(({ workflowId, failure }) => (failure ? [{ workflowId, ...failure }] : []))
  if (broken.length === 0) return [`All ${outcomes.length} histories replay on this version.`]
  const locked = broken.filter(({ type }) => type === UNREADABLE)
  const refused = broken.length - locked.length
  return [
    ...broken.map(({ workflowId, type, message }) =>
      type === UNREADABLE
        ? `${workflowId} cannot be read: ${message}`
        : `${workflowId} would fail: ${type}: ${message}`,
    ),
    ...(locked.length > 0
      ? [
          `${locked.length} of ${outcomes.length} histories were not replayed, for want of a key: give it, and ask again.`,
        ]
      : []),
    ...(refused > 0
      ? [
          `${refused} of ${outcomes.length} histories do not replay on this version: let those runs end on the old workers first.`,
        ]
      : []),
  ]
}
