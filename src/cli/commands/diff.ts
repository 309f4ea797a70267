import type { Command } from 'commander'
import { RunNotFound } from '../../errors/run-not-found.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { runDiff } from '../../report/run-diff.ts'
import { formatRunId } from '../../run/run-key.ts'
import { readRunDiff } from '../../wiring/run-diff.ts'
import type { StoredRun } from '../../wiring/run-diff.ts'
import { diffDefinition } from '../diff-definition.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { namedRun } from '../find-definition.ts'
import type { NamedRun } from '../find-definition.ts'
import { readStatus } from '../read-status.ts'
import type { KnownRun } from '../read-status.ts'
import { withServers } from '../servers.ts'

export function addDiff(program: Command): void {
  program
    .command('diff')
    .argument(
      '<run>',
      'run as shop@2026-07-01 (its newest revision), shop@2026-07-01~2 or shop@2026-07-01~1-dry; with --definition, name of a pipeline',
    )
    .argument('[other]', 'the run to compare it with')
    .description(
      'Compare two runs of a pipeline: published, held, rejected or dry. Or say what a change of YAML would change.',
    )
    .option('--definition', 'of a pipeline: what its YAML would change, against what is live')
    .action(act(diff))
}

async function diff(
  context: CommandContext,
  first: string,
  second: string | undefined,
  { definition = false }: { readonly definition?: boolean },
): Promise<void> {
  if (definition) return diffDefinition(context, first, second)
  if (second === undefined)
    throw new WrongUsage(
      'A run is compared with another one, and only one is named.',
      `Name two: resegment diff ${first} RUN`,
    )
  await diffRuns(context, namedRun(context, first), namedRun(context, second))
}

async function diffRuns(context: CommandContext, first: NamedRun, second: NamedRun): Promise<void> {
  const { definition } = second
  const { pipeline } = definition.pipeline
  if (first.definition.pipeline.pipeline !== pipeline)
    throw new WrongUsage(
      `${first.text} and ${second.text} are runs of different pipelines: their segments have nothing to do with each other.`,
      'Name two runs of one pipeline; `resegment runs PIPELINE` lists them.',
    )
  const found = await withServers(context, definition.target, 'start', async (servers) => {
    const [before, after] = [await readStatus(context, servers, first), await readStatus(context, servers, second)]
    return readRunDiff(servers.environment, definition, storedRun(first, before), storedRun(second, after))
  })
  context.terminal.document(found)
  context.terminal.say(...runDiff(found))
}

/** @throws RunNotFound when the run has no segments to compare */
function storedRun({ isDry, text }: NamedRun, { status, recorded }: KnownRun): StoredRun {
  const { artifacts, period, asOf, segments, kind } = status
  if (artifacts.validate === undefined && kind !== 'adopted')
    throw new RunNotFound(
      `Run ${text} has nothing to compare: it did not come to the end of stage validate.`,
      'See `resegment describe` for how far it came.',
    )
  return {
    told: { run: isDry ? text : formatRunId(status), period, asOf, status: status.status, segments },
    validateUri: artifacts.validate,
    featuresUri: artifacts.features,
    publishedAs: (recorded?.publicationId ?? null) === null ? null : formatRunId(status),
  }
}
