import type { TemporalAccess } from '../client/connect.ts'
import { countOpenSyncs } from '../client/count-open-syncs.ts'
import { followSync } from '../client/follow-sync.ts'
import type { Definition } from '../plan/definition.ts'
import { syncIdOf } from '../plan/sync-input.ts'
import { formatRunId, type RunIdentity } from '../run/run-key.ts'
import type { CommandContext } from './command-context.ts'
import { syncEndLines } from './sync-end-lines.ts'

/** A destination that is down is tried for a day: nobody waits for that at a terminal. */
const LONGEST_WAIT_MS = 60_000

/** Waits until destinations were told of a run, before the servers and the worker go that tell them; says of which it gave up waiting. */
export async function waitForSyncs(
  { terminal }: Pick<CommandContext, 'terminal'>,
  access: TemporalAccess,
  definition: Definition,
  { runKey, revision }: RunIdentity,
  signal: AbortSignal,
): Promise<void> {
  const names = Object.keys(definition.pipeline.activate ?? {})
  if (names.length === 0) return
  const patience = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT_MS)])
  const ends = await Promise.all(
    names.map(async (destination) => {
      const input = { definition, runKey, revision, destination, validationUri: null }
      const end = await followSync(access, syncIdOf(definition.targetName, input), () => undefined, patience)
      if (end?.how === 'failed') terminal.complain(...syncEndLines(destination, end))
      else if (end) terminal.say(...syncEndLines(destination, end))
      return { destination, end }
    }),
  )
  const left = ends.filter(({ end }) => end === null).map(({ destination }) => destination)
  if (left.length > 0)
    terminal.complain(
      `${left.join(', ')}: not told yet. It goes on when servers and a worker are up again: resegment sync ${formatRunId({ runKey, revision })} --embedded`,
    )
}

/** Before servers are stopped on which syncs are at work. */
export async function sayOpenSyncs(
  { terminal }: Pick<CommandContext, 'terminal'>,
  access: TemporalAccess,
): Promise<void> {
  const open = await countOpenSyncs(access)
  if (open > 0)
    terminal.say(
      `${open === 1 ? 'One sync' : `${open} syncs`} of a destination not done: it goes on at the next start.`,
    )
}
