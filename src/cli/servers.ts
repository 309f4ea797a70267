import { connectTemporal } from '../client/connect.ts'
import type { TemporalAccess } from '../client/connect.ts'
import { withOverrides } from '../config/environment.ts'
import type { Environment } from '../config/environment.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import type { Target } from '../plan/project.ts'
import { payloadCodecsOf } from '../wiring/payload-codecs.ts'
import { joinStack } from '../wiring/stack.ts'
import type { Stack } from '../wiring/stack.ts'
import { onTermination, withStack } from '../wiring/with-stack.ts'
import type { CommandContext } from './command-context.ts'

/** The servers a command works on. */
export interface Servers {
  /** Leads to the servers: those of the environment, filled in with embedded ones. */
  readonly environment: Environment
  /** Absent when only the environment names servers. */
  readonly stack: Stack | undefined
  /** Aborted by Ctrl-C when servers of ours have to be stopped: end soon. */
  readonly signal: AbortSignal
}

/** `start` brings missing servers up for the command, `join` uses those that run. */
export type ServerUse = 'start' | 'join'

/**
 * Gives a command its servers, and ends their use afterwards, also on Ctrl-C and on failure.
 *
 * @throws WrongUsage when no servers run that could be joined
 */
export async function withServers<T>(
  context: CommandContext,
  target: Target,
  how: ServerUse,
  use: (servers: Servers) => Promise<T>,
): Promise<T> {
  const { environment, stateFolder, terminal } = context
  if (!target.embedded) return use({ environment, stack: undefined, signal: new AbortController().signal })
  // Starting may build servers for minutes, which has to be seen; joining is quick.
  const onStep = (line: string): void => (how === 'start' ? terminal.step(line) : terminal.progress(line))
  const options = { stateFolder, environment, onStep }
  if (how === 'start')
    return withStack(options, (stack, signal) =>
      use({ environment: withOverrides(environment, stack.overrides), stack, signal }),
    )
  const stack = await joinStack(options)
  if (!stack) throw noServers(context)
  const release = onTermination(() => stack.stop())
  try {
    return await use({
      environment: withOverrides(environment, stack.overrides),
      stack,
      signal: new AbortController().signal,
    })
  } finally {
    await stack.stop()
    release()
  }
}

/** Refuses `--embedded` where it must not work: a laptop's servers are no place for production. */
export function checkEmbedded({ targetName }: CommandContext, target: Target): void {
  if (target.embedded) return
  throw new WrongUsage(
    `Target ${targetName} has no embedded servers.`,
    `Leave --embedded out, and name the servers by TEMPORAL_ADDRESS, WAREHOUSE_URL and S3_ENDPOINT; or use target dev.`,
  )
}

export async function withTemporal<T>(
  environment: Environment,
  use: (access: TemporalAccess) => Promise<T>,
): Promise<T> {
  const access = await connectTemporal(environment.temporalVariables(), payloadCodecsOf(environment))
  try {
    return await use(access)
  } finally {
    await access.close()
  }
}

export function noServers({ stateFolder, targetName }: CommandContext): WrongUsage {
  return new WrongUsage(
    `No servers run for target ${targetName}: none of state folder ${stateFolder}, and the environment does not name all three.`,
    'Bring them up with `resegment dev` in another terminal; `run`, `profile`, `approve`, `reject` and `retry` can bring their own with --embedded.',
  )
}
