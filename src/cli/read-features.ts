import type { Environment } from '../config/environment.ts'
import { RunNotFound } from '../errors/run-not-found.ts'
import type { Definition } from '../plan/definition.ts'
import { formatRunId } from '../run/run-key.ts'
import type { RunStatus } from '../run/run-status.ts'
import type { FeatureDistributions } from '../stages/features/distribution.ts'
import type { CommandContext } from './command-context.ts'

/** How the features of a run are distributed. @throws RunNotFound when it did not come so far */
export async function readFeatures(
  { terminal }: Pick<CommandContext, 'terminal'>,
  environment: Environment,
  definition: Definition,
  status: RunStatus,
): Promise<FeatureDistributions> {
  const { features } = status.artifacts
  if (features === undefined)
    throw new RunNotFound(
      `Run ${formatRunId(status)} has no features: it did not come to the end of stage features, or nobody remembers where they are.`,
      `Make them anew: resegment profile ${status.pipeline}`,
    )
  terminal.progress('Reading the features')
  // Only now: a command that reads no features need not wait for the engine.
  const { readFeatureDistributions } = await import('../wiring/feature-distributions.ts')
  return readFeatureDistributions(environment, definition, features)
}
