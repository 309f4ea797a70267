import type { Command } from 'commander'
import type { Environment } from '../../config/environment.ts'
import { inspectProject } from '../../config/load-project.ts'
import { joinDefinition } from '../../config/resolve-definition.ts'
import type { Definition } from '../../plan/definition.ts'
import { countOf } from '../../report/figures.ts'
import type { HealthCheck } from '../../report/health-report.ts'
import { healthReport } from '../../report/health-report.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { targetOf, warehousesOf } from '../find-definition.ts'
import { look, lookAtClock, lookAtPrograms, lookAtStore, lookAtTemporal, lookAtWarehouse } from '../health.ts'
import { withServers, withTemporal } from '../servers.ts'

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Look at everything a run needs: definitions, Temporal, warehouse, store, clock. Each with a remedy.')
    .action(act(examine))
}

async function examine(context: CommandContext): Promise<ExitCode> {
  const { projectFolder, targetName, terminal, environment } = context
  const target = targetOf(context)
  const { loaded, pipelines, problems } = inspectProject(projectFolder)
  const definitions = loaded ? pipelines.map((pipeline) => joinDefinition(loaded, pipeline, targetName)) : []
  const checks: HealthCheck[] = [
    {
      name: 'definitions',
      outcome: problems.length === 0 ? 'ok' : 'fail',
      message:
        problems.length === 0
          ? `sound: ${countOf(definitions.length, 'pipeline')}`
          : countOf(problems.length, 'problem'),
      remedy: problems.length === 0 ? null : 'Run `resegment check`.',
    },
  ]
  if (target.embedded) checks.push(await lookAtPrograms(environment))
  const servers = await look('servers', 'fail', async () => {
    await withServers(context, target, 'start', async ({ environment: found }) => {
      checks.push(...(await lookAtServers(context, found, definitions)))
    })
    return target.embedded ? 'embedded ones can be used' : 'those of the environment'
  })
  checks.push(servers)
  terminal.document({ ok: !checks.some(({ outcome }) => outcome === 'fail'), checks })
  terminal.say(...healthReport(checks))
  return checks.some(({ outcome }) => outcome === 'fail') ? exitCodes.failed : exitCodes.done
}

async function lookAtServers(
  { targetName }: CommandContext,
  environment: Environment,
  definitions: readonly Definition[],
): Promise<readonly HealthCheck[]> {
  let temporal: readonly HealthCheck[] = []
  const connected = await look('temporal', 'fail', async () => {
    temporal = await withTemporal(environment, (access) => lookAtTemporal(access, targetName))
    return ''
  })
  return [
    ...(connected.outcome === 'ok' ? temporal : [connected]),
    ...(await Promise.all(warehousesOf(definitions).map((address) => lookAtWarehouse(environment, address)))),
    ...(await Promise.all(definitions.slice(0, 1).map((definition) => lookAtStore(environment, definition)))),
    await lookAtClock(environment),
  ]
}
