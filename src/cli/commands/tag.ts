import type { Command } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { formatCount } from '../../run/figures.ts'
import { formatRunId } from '../../run/run-key.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { namedRun } from '../find-definition.ts'
import { whoami } from '../who.ts'
import { withTags } from '../with-tags.ts'

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/

export function addTag(program: Command): void {
  program
    .command('tag')
    .argument('<run>', 'a published run as shop@2026-10-01 (its newest published revision) or shop@2026-10-01~2')
    .argument('<name>', 'of the snapshot: winter-sale')
    .description('Freeze who is in which segment in a run, for a campaign: view segment_snapshots.')
    .option('--by <name>', 'who does (default: your user and host name)')
    .action(act(addSnapshot))
}

async function addSnapshot(
  context: CommandContext,
  run: string,
  name: string,
  { by = whoami() }: { readonly by?: string },
): Promise<void> {
  if (!NAME.test(name))
    throw new WrongUsage(
      `"${name}" is no name for a snapshot.`,
      'Take at most 63 small letters, digits, dots, dashes and underscores: winter-sale.',
    )
  const { definition, runKey, revision } = namedRun(context, run)
  const { pipeline } = definition.pipeline
  const { tag, written } = await withTags(context, definition, (tags) =>
    tags.add({ pipeline, name, runKey, revision, by }),
  )
  context.terminal.document({ ...tag, written })
  context.terminal.say(
    written
      ? `Froze ${formatCount(tag.customers)} customers of ${formatRunId(tag.run)} as ${name}.`
      : `${name} holds ${formatRunId(tag.run)} already, since ${tag.taggedAt}.`,
  )
}
