import type { TemporalAccess } from '../client/connect.ts'
import { startRun } from '../client/start-run.ts'
import { OlderThanPublished } from '../errors/older-than-published.ts'
import type { PastPeriod } from '../plan/backfill.ts'
import type { Definition } from '../plan/definition.ts'
import type { RunRow } from '../ports/warehouse-reader.ts'
import { headline } from '../report/run-report.ts'
import { formatRunId } from '../run/run-key.ts'
import type { RunState } from '../run/run-status.ts'
import { targetOption } from '../run/target-option.ts'
import type { CommandContext } from './command-context.ts'
import { follow } from './follow.ts'
import { newestRevision } from './newest-revision.ts'
import { withReader } from './read-warehouse.ts'
import { decisionLines, statusOf } from './run-outcome.ts'
import type { Servers } from './servers.ts'

/** Where a rollback led far back, what is live is among older ones. */
const MOST_RUNS = 1_000

export interface BackfillRequest {
  readonly definition: Definition
  readonly periods: readonly PastPeriod[]
  /** Periods before what is live are filled in; else they are refused. */
  readonly historical: boolean
  /** The command to go on with. */
  readonly again: string
}

/** What a backfill did. */
export interface Backfilled {
  /** Run ids that are published now. */
  readonly published: readonly string[]
  /** Run ids that were published before. */
  readonly skipped: readonly string[]
  /** Where it came to a stand; null: it came to its end. */
  readonly stopped: { readonly run: string; readonly status: RunState } | null
}

/** Runs periods one after the other: each must be out before the next one can be compared with it. */
export async function fillPeriods(
  context: CommandContext,
  servers: Servers,
  access: TemporalAccess,
  { definition, periods, historical, again }: BackfillRequest,
): Promise<Backfilled> {
  const { terminal, targetName } = context
  const { environment } = servers
  const published: string[] = []
  const skipped: string[] = []
  for (const [index, { period, asOf, runKey }] of periods.entries()) {
    const known = await withReader(environment, definition, (reader) => reader.newestPublished(runKey))
    if (known !== undefined) {
      const run = formatRunId({ runKey, revision: known })
      skipped.push(run)
      terminal.say(`${period}: ${run} was published before; skipped.`)
      continue
    }
    const later = await liveAfter(servers, definition, asOf)
    if (later && !historical) throw olderThan(later, definition, { period, asOf, runKey })
    const revision = Math.max(1, await newestRevision(environment, access, definition, runKey))
    const run = formatRunId({ runKey, revision })
    terminal.say(`${period}: ${run}, ${index + 1} of ${periods.length}`)
    const { workflowId } = await startRun(access, {
      ...{ definition, asOf, revision },
      ...(later && { options: { historical: true } }),
    }).catch((error: unknown) => {
      terminal.complain(...goOnLines(again, targetName))
      throw error
    })
    const view = await follow({ terminal, access, targetName, workflowId, signal: servers.signal })
    servers.signal.throwIfAborted()
    const status = statusOf(view)
    if (status?.status === 'published') {
      published.push(run)
      terminal.say(headline(status), '')
      continue
    }
    terminal.say(...(status ? [headline(status)] : []))
    if (status?.status === 'held') terminal.say('', ...decisionLines(status, targetName))
    if (view.end?.how === 'failed') terminal.complain('', view.end.message)
    terminal.say('', ...goOnLines(again, targetName))
    return { published, skipped, stopped: { run, status: status?.status ?? 'failed' } }
  }
  return { published, skipped, stopped: null }
}

/** What consumers see, if it looks from later. */
async function liveAfter({ environment }: Servers, definition: Definition, asOf: string): Promise<RunRow | undefined> {
  const { pipeline } = definition.pipeline
  const runs = await withReader(environment, definition, (reader) => reader.runs(pipeline, MOST_RUNS))
  const live = runs.find(({ isLive }) => isLive)
  return live && Date.parse(live.asOf) > Date.parse(asOf) ? live : undefined
}

/** Without being asked, what consumers see is not told what it was. */
function olderThan(
  live: RunRow,
  { pipeline: { pipeline }, targetName }: Definition,
  { period, runKey }: PastPeriod,
): OlderThanPublished {
  return new OlderThanPublished(
    `${period} (${runKey}) was never published, and ${formatRunId(live)}, which looks from later, is live.`,
    `Add --historical to fill in the past, which leaves what is live as it is; or first return to before with \`resegment rollback ${pipeline}${targetOption(targetName)}\`.`,
  )
}

function goOnLines(again: string, targetName: string): readonly string[] {
  return [`The backfill stops here. When this run is out, go on: ${again}${targetOption(targetName)}`]
}
