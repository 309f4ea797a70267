import type { Command } from 'commander'
import type { TemporalAccess } from '../client/connect.ts'
import type { Environment } from '../config/environment.ts'
import { scheduleIdOf } from '../plan/target-names.ts'
import { withScheduleBooks } from '../wiring/schedule-books.ts'
import type { CommandContext } from './command-context.ts'
import { definitionOf } from './find-definition.ts'
import { withServers, withTemporal } from './servers.ts'
import { whoami } from './who.ts'

export interface ScheduleOptions {
  readonly reason: string
  readonly by?: string
  readonly score?: boolean
}

export function withScheduleOptions(command: Command): Command {
  return command
    .argument('<pipeline>', 'name of the pipeline')
    .requiredOption('--reason <text>', 'why; kept in the warehouse, and shown in Temporal')
    .option('--score', 'the schedule of its score runs (default: of its refits)')
    .option('--by <name>', 'who does it (default: your user and host name)')
}

/** Does something to a pipeline's schedule, and writes down who did and why. */
export async function changeSchedule(
  context: CommandContext,
  pipeline: string,
  { reason, by = whoami(), score = false }: ScheduleOptions,
  event: 'paused' | 'resumed' | 'triggered',
  change: (access: TemporalAccess, scheduleId: string, environment: Environment) => Promise<void>,
): Promise<void> {
  const { terminal, targetName } = context
  const definition = definitionOf(context, pipeline)
  const scheduleId = scheduleIdOf(targetName, pipeline, score ? 'score' : 'refit')
  await withServers(context, definition.target, 'join', ({ environment }) =>
    withTemporal(environment, (access) =>
      withScheduleBooks(environment, [definition], async (books) => {
        await change(access, scheduleId, environment)
        await books.recordEvent({ scheduleId, pipeline, event, by, reason })
        terminal.document({ scheduleId, event, by, reason })
        terminal.say(`${event[0]!.toUpperCase()}${event.slice(1)} ${scheduleId} as ${by}.`)
      }),
    ),
  )
}
