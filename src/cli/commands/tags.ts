import type { Command } from 'commander'
import { zoneOf } from '../../plan/period.ts'
import { formatLocal } from '../../report/figures.ts'
import { textTable } from '../../report/text-table.ts'
import { formatCount } from '../../run/figures.ts'
import { formatRunId } from '../../run/run-key.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf } from '../find-definition.ts'
import { withTags } from '../with-tags.ts'

export function addTags(program: Command): void {
  program
    .command('tags')
    .argument('<pipeline>', 'name of the pipeline')
    .description('List the snapshots of a pipeline.')
    .action(act(listTags))
}

async function listTags(context: CommandContext, pipeline: string): Promise<void> {
  const definition = definitionOf(context, pipeline)
  const found = await withTags(context, definition, (tags) => tags.list(pipeline))
  context.terminal.document(found)
  if (found.length === 0) context.terminal.say('No snapshots: resegment tag RUN NAME makes one.')
  else
    context.terminal.say(
      ...textTable(
        [
          { title: 'Snapshot' },
          { title: 'Run' },
          { title: 'Customers', align: 'right' },
          { title: 'Since' },
          { title: 'By' },
        ],
        found.map(({ name, run, customers, taggedAt, by }) => [
          ...[name, formatRunId(run), formatCount(customers)],
          ...[formatLocal(taggedAt, zoneOf(definition.pipeline)), by],
        ]),
      ),
    )
}
