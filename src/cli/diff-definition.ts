import { deployedDefinition } from '../client/schedules.ts'
import { keyLocator } from '../config/locate-keys.ts'
import { formatKeyPath } from '../config/yaml-file.ts'
import { ConnectionFailed } from '../errors/connection-failed.ts'
import { RunNotFound } from '../errors/run-not-found.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import type { Definition } from '../plan/definition.ts'
import { diffDefinitions } from '../plan/definition-diff.ts'
import { digestOf } from '../plan/digest.ts'
import { keptDefinition } from '../plan/kept-definition.ts'
import type { LiveDefinition } from '../ports/warehouse-reader.ts'
import { definitionDiff } from '../report/definition-diff.ts'
import { formatRunId } from '../run/run-key.ts'
import type { CommandContext } from './command-context.ts'
import { definitionOf } from './find-definition.ts'
import { withReader } from './read-warehouse.ts'
import { withServers, withTemporal } from './servers.ts'

/** Says what the YAML of a pipeline would change, against what is live. @throws RunNotFound when nothing is, and nothing is deployed */
export async function diffDefinition(
  context: CommandContext,
  pipelineName: string,
  second: string | undefined,
): Promise<void> {
  if (second !== undefined || pipelineName.includes('@'))
    throw new WrongUsage(
      'With --definition the YAML of a pipeline is compared with what is live: no run is named.',
      `Write: resegment diff ${pipelineName.split('@')[0]} --definition`,
    )
  const definition = definitionOf(context, pipelineName)
  const { live, deployed } = await withServers(context, definition.target, 'start', async ({ environment }) => ({
    live: await withReader(environment, definition, (reader) => reader.liveDefinition(pipelineName)),
    deployed: await withTemporal(environment, (access) =>
      deployedDefinition(access, context.targetName, pipelineName),
    ).catch(ignoreAbsence),
  }))
  const after = keptDefinition(definition)
  const { kept, ...comparedWith } = inForce(pipelineName, live, deployed)
  const { changes, ...consequences } = diffDefinitions(kept, after)
  const locate = keyLocator(context.projectFolder, pipelineName)
  const told = {
    pipeline: pipelineName,
    ...comparedWith,
    isDeployed: deployed === undefined ? null : digestOf(keptDefinition(deployed)) === digestOf(after),
    ...consequences,
    changes: changes.map((change) => {
      const { path } = change
      const key = formatKeyPath(path[0] === 'pipeline' ? path.slice(1) : path)
      return { key, ...locate(path), ...change }
    }),
  }
  context.terminal.document(told)
  context.terminal.say(...definitionDiff(told))
}

function inForce(pipeline: string, live: LiveDefinition | undefined, deployed: Definition | undefined) {
  const run = live ? formatRunId(live) : null
  if (live?.definition) return { comparedWith: 'live' as const, run, kept: live.definition }
  if (deployed) return { comparedWith: 'deployed' as const, run, kept: keptDefinition(deployed) }
  throw new RunNotFound(
    live
      ? `Nobody kept the definition of ${run}, which is live, and pipeline ${pipeline} has no schedule.`
      : `Nothing of pipeline ${pipeline} is live, and it has no schedule.`,
    `There is nothing to compare with before a run is published: resegment run ${pipeline}`,
  )
}

/** Without Temporal nobody knows what is deployed: what is live is known all the same. */
function ignoreAbsence(error: unknown): undefined {
  if (!(error instanceof ConnectionFailed)) throw error
}
