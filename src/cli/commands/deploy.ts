import { stdin } from 'node:process'
import type { Command } from 'commander'
import type { TemporalAccess } from '../../client/connect.ts'
import { factsOf } from '../../client/schedule-facts.ts'
import { compareSchedules, deploySchedules, type ScheduleChange } from '../../client/schedules.ts'
import { wantedSchedules } from '../../client/wanted-schedules.ts'
import { DeployConflict } from '../../errors/deploy-conflict.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { schedulePlan } from '../../report/schedule-plan.ts'
import { type ScheduleBooks, withScheduleBooks } from '../../wiring/schedule-books.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { confirm } from '../confirm.ts'
import { allDefinitions, retentionOf, targetOf } from '../find-definition.ts'
import { withServers, withTemporal } from '../servers.ts'
import { whoami } from '../who.ts'

interface DeployOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly unpause?: boolean
  readonly deleteOrphans?: boolean
  readonly by?: string
}

export function addDeploy(program: Command): void {
  program
    .command('deploy')
    .description('Make the schedules in Temporal equal to pipelines/. Shows the difference first.')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show the difference')
    .option('--unpause', 'let schedules run again that people paused (default: they stay paused)')
    .option('--delete-orphans', 'delete schedules that no pipeline wants any more (default: they stay, and are shown)')
    .option('--by <name>', 'who deploys (default: your user and host name)')
    .action(act(deploy))
}

async function deploy(
  context: CommandContext,
  { yes = false, dryRun = false, by = whoami(), ...choices }: DeployOptions,
): Promise<void> {
  const { terminal, targetName } = context
  const definitions = allDefinitions(context)
  await withServers(context, targetOf(context), 'join', ({ environment }) =>
    withTemporal(environment, (access) =>
      withScheduleBooks(environment, definitions, async (books) => {
        const wanted = wantedSchedules(targetName, definitions, retentionOf(context))
        const compare = async (): Promise<readonly ScheduleChange[]> =>
          compareSchedules(access, targetName, wanted, { ...choices, deployed: await books.deployed() })
        const shown = await compare()
        terminal.say(...schedulePlan(shown))
        const toDo = shown.filter(isToDo)
        const isDeployed = toDo.length > 0 && !dryRun && (yes || (await confirmDeploy(terminal.isJson)))
        // What only the warehouse does not know yet changes nothing that a person could mind.
        if (isDeployed || (toDo.length === 0 && !dryRun))
          await books.exclusively(async () => apply(access, books, refuseOther(shown, await compare()), by))
        terminal.document({ deployed: isDeployed, changes: shown.map(changeDocument) })
        terminal.say(lastLine(toDo.length > 0, isDeployed))
      }),
    ),
  )
}

async function apply(
  access: TemporalAccess,
  books: ScheduleBooks,
  changes: readonly ScheduleChange[],
  by: string,
): Promise<void> {
  const open = changes.filter((change) => isToDo(change) || !change.isRecorded)
  await deploySchedules(access, open, async (change) => {
    const { scheduleId, pipeline, wanted, action, differences, drift } = change
    if (wanted) {
      const { purpose, timed, options } = wanted
      if (!change.isRecorded) await books.record({ scheduleId, pipeline, purpose, timed, facts: factsOf(options) }, by)
    } else await books.forget(scheduleId)
    if (!isToDo(change)) return
    const event = action === 'create' ? 'created' : action === 'delete' ? 'deleted' : 'updated'
    const reason = [...differences, ...drift].join('; ') || 'deploy'
    await books.recordEvent({ scheduleId, pipeline, event, by, reason })
  })
}

/** @throws DeployConflict when it is not what was shown */
function refuseOther(shown: readonly ScheduleChange[], now: readonly ScheduleChange[]): readonly ScheduleChange[] {
  const told = (changes: readonly ScheduleChange[]): string => JSON.stringify(changes.map(changeDocument))
  if (told(shown) === told(now)) return now
  throw new DeployConflict('Schedules changed since they were compared.', 'Deploy again, and look at what differs now.')
}

function isToDo({ action }: ScheduleChange): boolean {
  return action === 'create' || action === 'update' || action === 'delete'
}

function changeDocument({ scheduleId, pipeline, action, differences, drift, pause }: ScheduleChange) {
  return { scheduleId, pipeline, action, differences, drift, pause }
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
