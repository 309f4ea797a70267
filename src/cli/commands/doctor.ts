import type { Command } from 'commander'
import type { Environment } from '../../config/environment.ts'
import { inspectProject } from '../../config/load-project.ts'
import type { Definition } from '../../plan/definition.ts'
import { countOf } from '../../report/figures.ts'
import { healthReport, type HealthCheck } from '../../report/health-report.ts'
import { findServerPrograms, storeFolder } from '../../wiring/probes.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { soundDefinitions, targetOf, warehousesOf } from '../find-definition.ts'
import { lookAtFreshness } from '../health/freshness.ts'
import { look, ok, problem } from '../health/look.ts'
import { lookAtKeys, lookAtMachine } from '../health/machine.ts'
import { lookAtStore } from '../health/store.ts'
import { lookAtTemporal } from '../health/temporal.ts'
import { lookAtWarehouse } from '../health/warehouse.ts'
import { withServers } from '../servers.ts'

/** Starting embedded servers is waited for, also when their programs have to be built first. */
const LONGEST_START_MS = 30 * 60 * 1000

interface DoctorOptions {
  readonly failIfStale?: boolean
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Look at everything a run needs: definitions, Temporal, warehouse, buckets, clocks, disks. Each with a remedy.',
    )
    .option('--fail-if-stale', 'a pipeline whose live segments are out of date is a problem, and not a warning')
    .action(act(examine))
}

async function examine(context: CommandContext, { failIfStale = false }: DoctorOptions): Promise<ExitCode> {
  const { projectFolder, stateFolder, targetName, terminal, environment } = context
  const target = targetOf(context)
  const inspection = inspectProject(projectFolder)
  const { problems } = inspection
  const definitions = soundDefinitions(inspection, targetName)
  const sound = `sound: ${countOf(definitions.length, 'pipeline')}`
  const checks: HealthCheck[] = [
    problems.length === 0
      ? ok('definitions', sound)
      : problem('definitions', countOf(problems.length, 'problem'), 'Run `resegment check`.'),
    ...(await lookAtMachine({
      'the cache': environment.cacheFolder,
      ...(target.embedded && { 'the servers': stateFolder }),
      ...foldersOf(environment, definitions),
    })),
  ]
  if (target.embedded)
    checks.push(
      ...(await look(
        'server programs',
        async () => [ok('server programs', (await findServerPrograms(environment)).join(', '))],
        { outcome: 'warning' },
      )),
    )
  const servers = await look(
    'servers',
    () =>
      withServers(context, target, 'start', ({ environment: found }) =>
        lookAtServers(context, found, { definitions, failIfStale }),
      ),
    { longestMs: LONGEST_START_MS },
  )
  checks.push(...servers)
  const isFine = !checks.some(({ outcome }) => outcome === 'problem')
  terminal.document({ ok: isFine, checks })
  terminal.say(...healthReport(checks))
  return isFine ? exitCodes.done : exitCodes.failed
}

/** All at once, told in the same order each time. */
async function lookAtServers(
  { targetName, terminal }: CommandContext,
  environment: Environment,
  { definitions, failIfStale }: { readonly definitions: readonly Definition[]; readonly failIfStale: boolean },
): Promise<readonly HealthCheck[]> {
  const secrets = definitions.flatMap(({ connections }) =>
    Object.values(connections).flatMap((one) => ('postgres' in one ? [one.postgres.secret] : [])),
  )
  const looks: Readonly<Record<string, Promise<readonly HealthCheck[]>>> = {
    temporal: lookAtTemporal(environment, targetName),
    ...Object.fromEntries(
      warehousesOf(definitions).map((address) => [
        `warehouse ${address.schema}`,
        lookAtWarehouse(environment, address),
      ]),
    ),
    ...Object.fromEntries(
      // Pipelines of one bucket share what is found there.
      [...new Map(definitions.map((one) => [JSON.stringify(one.pipeline.publish), one])).values()].map((definition) => [
        `buckets of ${definition.pipeline.pipeline}`,
        lookAtStore(environment, definition),
      ]),
    ),
    ...Object.fromEntries(
      definitions.map((one) => [
        `freshness of ${one.pipeline.pipeline}`,
        lookAtFreshness(environment, one, failIfStale),
      ]),
    ),
  }
  const waiting = new Set(Object.keys(looks))
  const show = (): void => terminal.progress(`looking at ${[...waiting].join(', ')}`)
  show()
  const found = Object.entries(looks).map(async ([name, looking]) => {
    const checks = await looking
    waiting.delete(name)
    show()
    return checks
  })
  return [...lookAtKeys(environment, [...new Set(secrets)]), ...(await Promise.all(found)).flat()]
}

function foldersOf(environment: Environment, definitions: readonly Definition[]): Readonly<Record<string, string>> {
  const [definition] = definitions
  try {
    const folder = definition ? storeFolder(environment, definition) : null
    return folder === null ? {} : { 'the artifact store': folder }
  } catch {
    return {} // Where it should be is told below.
  }
}
