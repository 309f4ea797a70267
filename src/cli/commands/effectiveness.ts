import type { Command } from 'commander'
import { RunNotFound } from '../../errors/run-not-found.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { kpiSettingsOf } from '../../kpi/config.ts'
import type { Definition } from '../../plan/definition.ts'
import type { JudgedRun } from '../../ports/effectiveness-book.ts'
import { effectivenessLines, effectivenessTable, type EffectivenessLine } from '../../report/effectiveness-lines.ts'
import { formatRunId } from '../../run/run-key.ts'
import { openEffectivenessBook, readEffectiveness, type OutcomeRun } from '../../wiring/effectiveness.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf, namedRun, warehouseOf } from '../find-definition.ts'
import { readStatus } from '../read-status.ts'
import { withReader } from '../read-warehouse.ts'
import { withServers, type Servers } from '../servers.ts'

interface EffectivenessOptions {
  readonly of?: readonly string[]
  readonly by?: string
  readonly save?: boolean
  readonly history?: boolean
}

/** How far back is looked for a run that came before. */
const RUNS_LOOKED_AT = 200

export function addEffectiveness(program: Command): void {
  program
    .command('effectiveness')
    .argument('<pipeline>', 'name of a pipeline')
    .option('--of <run...>', 'runs whose segments to judge, also dry ones. Default: the published run before the last')
    .option('--by <run>', 'the later run whose rows tell what came after. Default: the last published run')
    .option('--save', 'keep it in the warehouse, so that it can be followed over time')
    .option('--history', 'only list what was kept')
    .description('Judge segments by what their customers did after they were published, an index of 0 to 100.')
    .action(act(judge))
}

async function judge(
  context: CommandContext,
  pipeline: string,
  { of, by, save = false, history }: EffectivenessOptions,
): Promise<void> {
  const definition = definitionOf(context, pipeline)
  const { lines, kept } = await withServers(context, definition.target, 'start', async (servers) => {
    const found = history ? [] : await judgeRuns(context, servers, definition, { of, by })
    const book = openEffectivenessBook(servers.environment, warehouseOf(definition))
    try {
      if (save) for (const one of found) if (one.judged !== null) await book.keep(one.judged)
      return { lines: found.map(({ line }) => line), kept: (await book.kept(pipeline)).map(lineOf) }
    } finally {
      await book.close()
    }
  })
  context.terminal.document({ pipeline, judged: lines, kept })
  if (history) return context.terminal.say(...effectivenessTable(kept))
  const [only, ...others] = lines
  if (only && others.length === 0) context.terminal.say(...effectivenessLines(only))
  else context.terminal.say(...effectivenessTable([...lines].sort((a, b) => (b.index ?? -1) - (a.index ?? -1))))
}

/** @throws WrongUsage, RunNotFound, ArtifactMissing */
async function judgeRuns(
  context: CommandContext,
  servers: Servers,
  definition: Definition,
  asked: Pick<EffectivenessOptions, 'of' | 'by'>,
): Promise<readonly { readonly line: EffectivenessLine; readonly judged: JudgedRun | null }[]> {
  const { of, by } = await withDefaults(servers, definition, asked)
  const target = kpiSettingsOf(definition.pipeline).effectiveness
  const later = await outcomeRun(context, servers, by)
  const runs: OutcomeRun[] = []
  for (const text of of) runs.push(await outcomeRun(context, servers, text))
  const found = await readEffectiveness(servers.environment, definition, runs, later)
  return found.map((effectiveness, i) => {
    const { run, asOf } = runs[i]!
    const line = { ...effectiveness, run, judgedBy: later.run, target }
    const { isDry, runKey, revision } = namedRun(context, run)
    const span = { judgedBy: later.run, from: asOf, until: later.asOf, isReview: false, reportUri: null }
    const pipeline = definition.pipeline.pipeline
    return { line, judged: isDry ? null : { ...effectiveness, pipeline, runKey, revision: revision!, target, ...span } }
  })
}

async function outcomeRun(context: CommandContext, servers: Servers, text: string): Promise<OutcomeRun> {
  const named = namedRun(context, text)
  const { status } = await readStatus(context, servers, named)
  const { artifacts, asOf } = status
  return {
    run: named.isDry ? named.text : formatRunId(status),
    ...{ asOf, segmentsUri: artifacts.validate, cleanUri: artifacts.cleanse },
  }
}

/** The last two published runs that form or keep segments: score runs look at days, which tell little. */
async function withDefaults(
  { environment }: Servers,
  definition: Definition,
  { of, by }: Pick<EffectivenessOptions, 'of' | 'by'>,
): Promise<{ readonly of: readonly string[]; readonly by: string }> {
  if (of && by !== undefined) return { of, by }
  const { pipeline } = definition.pipeline
  const runs = await withReader(environment, definition, (reader) =>
    reader.runs(pipeline, RUNS_LOOKED_AT, { statuses: ['published'] }),
  )
  const regular = runs.filter(({ kind }) => kind === 'refit').sort((a, b) => Date.parse(b.asOf) - Date.parse(a.asOf))
  const last = by ?? (regular[0] && formatRunId(regular[0]))
  if (last === undefined)
    throw new RunNotFound(`Pipeline ${pipeline} has published nothing yet.`, `Run it first: resegment run ${pipeline}`)
  const position = regular.findIndex((run) => formatRunId(run) === last)
  const before = of ?? regular.slice(position + 1, position + 2).map(formatRunId)
  if (before.length === 0)
    throw new WrongUsage(
      `Nothing was published before ${last}: there are no segments that it could judge.`,
      'Ask again after the next run, or name a run with --of.',
    )
  return { of: before, by: last }
}

function lineOf({ runKey, revision, ...judged }: JudgedRun): EffectivenessLine {
  return { ...judged, run: formatRunId({ runKey, revision }) }
}
