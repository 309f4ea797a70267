import type { Command } from 'commander'
import { pipelineGates, replayRun } from '../../config/gate-catalogue.ts'
import { gateHistory, gateList } from '../../report/gate-list.ts'
import { formatRunId } from '../../run/run-key.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf } from '../find-definition.ts'
import { readWarehouse } from '../read-warehouse.ts'
import { wholeNumber } from '../whole-number.ts'

interface GatesOptions {
  readonly history?: boolean
  readonly last: number
}

export function addGates(program: Command): void {
  program
    .command('gates')
    .argument('<pipeline>', 'name of a pipeline')
    .option(
      '--history',
      'judge what past runs recorded by the thresholds in the file, to see which gates would have fired',
    )
    .option('--last <number>', 'with --history: how many runs, the newest first', wholeNumber, 8)
    .description('Show the gates of a pipeline with their thresholds, or try them on past runs.')
    .action(act(showGates))
}

async function showGates(
  context: CommandContext,
  pipelineName: string,
  { history, last }: GatesOptions,
): Promise<void> {
  const { terminal } = context
  const definition = definitionOf(context, pipelineName)
  const { pipeline } = definition
  if (!history) {
    const [regular, score] = [pipelineGates(pipeline, 'refit'), pipelineGates(pipeline, 'score')]
    terminal.document({ pipeline: pipelineName, gates: regular, scoreGates: score })
    terminal.say(...gateList(regular))
    if (pipeline.schedule?.score !== undefined) terminal.say('', 'Score runs:', ...gateList(score))
    return
  }
  const runs = await readWarehouse(context, definition, (reader) => reader.checkedRuns(pipelineName, last))
  const replayed = runs
    .filter(({ kind }) => kind !== 'adopted')
    .map((run) => ({ run: formatRunId(run), then: run.verdict, ...replayRun(pipeline, run) }))
  terminal.document({ pipeline: pipelineName, runs: replayed })
  terminal.say(...gateHistory(replayed))
}
