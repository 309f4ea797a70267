import type { Definition } from '../plan/definition.ts'
import type { Tags } from '../ports/tags.ts'
import { openTags } from '../wiring/warehouse.ts'
import type { CommandContext } from './command-context.ts'
import { warehouseOf } from './find-definition.ts'
import { withServers } from './servers.ts'

/** Gives a command the snapshots of a pipeline's warehouse. */
export function withTags<T>(
  context: CommandContext,
  definition: Definition,
  use: (tags: Tags) => Promise<T>,
): Promise<T> {
  return withServers(context, definition.target, 'start', async ({ environment }) => {
    const tags = openTags(environment, warehouseOf(definition))
    try {
      return await use(tags)
    } finally {
      await tags.close()
    }
  })
}
