import { withOverrides, type Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import { sourceLooks } from '../report/source-looks.ts'
import { lookAtProject, type SourceLook } from '../wiring/look-at-sources.ts'
import { joinStack } from '../wiring/stack.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes, type ExitCode } from './exit-code.ts'

/** Failures that a change of the definition mends. */
const OF_DEFINITION = ['ConfigInvalid', 'SourceSchemaChanged']

/** Looks at the sources of pipelines and tells what was found. */
export async function connectSources(
  context: CommandContext,
  definitions: readonly Definition[],
): Promise<{ readonly sources: readonly SourceLook[]; readonly exitCode: ExitCode }> {
  const { terminal } = context
  const sources = await withRunningServers(context, definitions[0]?.target.embedded ?? false, (environment) =>
    lookAtProject(environment, definitions, (name) => terminal.progress(`Looking at source ${name}`)),
  )
  terminal.say(...sourceLooks(sources))
  return { sources, exitCode: exitCodeOf(sources) }
}

/** Embedded servers are used where they run, and not missed where nothing of them is asked for. */
export async function withRunningServers<T>(
  { environment, stateFolder }: CommandContext,
  isEmbedded: boolean,
  use: (environment: Environment) => Promise<T>,
): Promise<T> {
  const stack = isEmbedded ? await joinStack({ stateFolder, environment }) : undefined
  try {
    return await use(stack ? withOverrides(environment, stack.overrides) : environment)
  } finally {
    await stack?.stop()
  }
}

function exitCodeOf(sources: readonly SourceLook[]): ExitCode {
  const failures = sources.flatMap(({ failure }) => (failure ? [failure.type] : []))
  const isWrong =
    sources.some(({ faults }) => faults.length > 0) || failures.some((type) => OF_DEFINITION.includes(type))
  if (isWrong) return exitCodes.wrongUsage
  return failures.length > 0 ? exitCodes.failed : exitCodes.done
}
