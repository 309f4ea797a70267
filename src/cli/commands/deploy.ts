import { stdin } from 'node:process'
import type { Command } from 'commander'
import { compareSchedules, deploySchedules } from '../../client/schedules.ts'
import type { ScheduleChange } from '../../client/schedules.ts'
import { deploySweeps } from '../../client/sweep-schedule.ts'
import { loadProject } from '../../config/load-project.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { confirm } from '../confirm.ts'
import { allDefinitions, targetOf } from '../find-definition.ts'
import { retentionDays } from '../../plan/retention-days.ts'
import type { RetentionDays } from '../../run/sweep-plan.ts'
import { withServers, withTemporal } from '../servers.ts'

interface DeployOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

export function addDeploy(program: Command): void {
  program
    .command('deploy')
    .description('Make the schedules in Temporal equal to pipelines/. Shows the difference first.')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show the difference')
    .action(act(deploy))
}

async function deploy(context: CommandContext, { yes = false, dryRun = false }: DeployOptions): Promise<void> {
  const { terminal, targetName } = context
  const definitions = allDefinitions(context)
  await withServers(context, targetOf(context), 'join', ({ environment }) =>
    withTemporal(environment, async (access) => {
      const changes = await compareSchedules(access, targetName, definitions)
      const hasChanges = changes.some(({ action }) => action !== 'unchanged')
      terminal.say(...(changes.length === 0 ? ['No pipeline has a schedule.'] : changes.flatMap(changeLines)))
      const isDeployed = hasChanges && !dryRun && (yes || (await confirmDeploy(terminal.isJson)))
      if (isDeployed) await deploySchedules(access, changes)
      if (!dryRun && (isDeployed || !hasChanges))
        await deploySweeps(access, targetName, definitions, retentionOf(context))
      terminal.document({
        deployed: isDeployed,
        changes: changes.map(({ scheduleId, pipeline, action, differences }) => ({
          scheduleId,
          pipeline,
          action,
          differences,
        })),
      })
      terminal.say(lastLine(hasChanges, isDeployed))
    }),
  )
}

function retentionOf({ projectFolder }: CommandContext): RetentionDays {
  return retentionDays(loadProject(projectFolder).project.retention)
}

function changeLines({ scheduleId, action, differences }: ScheduleChange): readonly string[] {
  return [`${action.padEnd(9)}  ${scheduleId}`, ...differences.map((difference) => `           ${difference}`)]
}

function lastLine(hasChanges: boolean, isDeployed: boolean): string {
  if (!hasChanges) return 'Temporal has these schedules already.'
  return isDeployed ? 'Deployed.' : 'Nothing was changed.'
}

/** @throws WrongUsage where nobody can answer */
async function confirmDeploy(isJson: boolean): Promise<boolean> {
  if (isJson || !stdin.isTTY)
    throw new WrongUsage(
      'Deploying changes schedules, and nobody is there to ask.',
      'Add --yes, or --dry-run to only look.',
    )
  return confirm('Deploy this?')
}
