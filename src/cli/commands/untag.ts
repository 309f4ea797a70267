import type { Command } from 'commander'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf } from '../find-definition.ts'
import { withTags } from '../with-tags.ts'

export function addUntag(program: Command): void {
  program
    .command('untag')
    .argument('<pipeline>', 'name of the pipeline')
    .argument('<name>', 'of the snapshot')
    .description('Remove a snapshot.')
    .action(act(removeTag))
}

async function removeTag(context: CommandContext, pipeline: string, name: string): Promise<void> {
  const removed = await withTags(context, definitionOf(context, pipeline), (tags) => tags.remove(pipeline, name))
  context.terminal.document({ pipeline, name, removed })
  context.terminal.say(
    removed ? `Removed snapshot ${name}.` : `Pipeline ${pipeline} has no snapshot ${name}: nothing to remove.`,
  )
}
