import type { Command } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { localIso, resolveAsOf, zoneOf } from '../../plan/period.ts'
import { nextStarts } from '../../plan/planned-starts.ts'
import { startList } from '../../report/schedule-list.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf } from '../find-definition.ts'
import { wholeNumber } from '../whole-number.ts'

const FEW = 8

export function addPreview(schedule: Command): void {
  schedule
    .command('preview')
    .argument('<pipeline>', 'name of the pipeline')
    .argument('[count]', `how many starts (default: ${FEW})`, wholeNumber)
    .option('--from <date>', 'date in the zone of the pipeline, or ISO instant (default: now)')
    .description(
      'Show the next starts of a pipeline as its file has them: in its zone and in UTC, with as-of and period.',
    )
    .action(act(preview))
}

function preview(
  context: CommandContext,
  pipelineName: string,
  count: number | undefined,
  { from }: { readonly from?: string },
): void {
  const { pipeline } = definitionOf(context, pipelineName)
  if (!pipeline.schedule)
    throw new WrongUsage(`Pipeline ${pipelineName} has no schedule.`, 'Give it one: schedule: { refit: quarter }')
  const after = from === undefined ? new Date().toISOString() : resolveAsOf(pipeline, from)
  const timezone = zoneOf(pipeline)
  const starts = nextStarts(pipeline, after, count ?? FEW).map((start) => ({
    ...start,
    startsAtLocal: localIso(pipeline, start.startsAt),
  }))
  context.terminal.document({ pipeline: pipelineName, timezone, paused: pipeline.schedule.paused ?? null, starts })
  context.terminal.say(...startList(timezone, starts))
  if (pipeline.schedule.paused !== undefined)
    context.terminal.say('', `It is deployed paused: ${pipeline.schedule.paused}`)
}
