import type { Command } from 'commander'
import { zoneOf } from '../../plan/period.ts'
import { segmentList } from '../../report/segment-list.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf } from '../find-definition.ts'
import { readWarehouse } from '../read-warehouse.ts'

export function addSegments(program: Command): void {
  program
    .command('segments')
    .argument('<pipeline>', 'name of the pipeline')
    .description('Show the segments of a pipeline: keys, names, sizes, and what sets them apart.')
    .action(act(showSegments))
}

async function showSegments(context: CommandContext, pipeline: string): Promise<void> {
  const definition = definitionOf(context, pipeline)
  const segments = await readWarehouse(context, definition, (reader) => reader.segments(pipeline))
  context.terminal.document(segments)
  context.terminal.say(...segmentList(segments, zoneOf(definition.pipeline)))
}
