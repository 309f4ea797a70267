import type { Command } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { featureDistributions } from '../../report/feature-distributions.ts'
import { headline } from '../../report/run-report.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { namedRun } from '../find-definition.ts'
import { readFeatures } from '../read-features.ts'
import { readStatus } from '../read-status.ts'
import { withServers } from '../servers.ts'
import { runPipeline } from './run.ts'

interface ProfileOptions {
  readonly asOf?: string
  readonly embedded?: boolean
}

export function addProfile(program: Command): void {
  program
    .command('profile')
    .argument('<pipeline>', 'name of a pipeline, or a run as shop@2026-10-01')
    .description('Show how the features are distributed: of a dry run until features, or of a run that there is.')
    .option('--as-of <date>', 'date in the zone of the pipeline, or ISO instant (default: the end of the last period)')
    .option('--embedded', 'bring servers and a worker up for this command')
    .action(act(profile))
}

async function profile(context: CommandContext, name: string, options: ProfileOptions): Promise<ExitCode> {
  if (!name.includes('@')) return runPipeline(context, name, { ...options, dryRun: true, until: 'features' })
  if (options.asOf !== undefined || options.embedded)
    throw new WrongUsage(
      `Of run ${name} the features are there: nothing is run.`,
      'Leave --as-of and --embedded out, or name the pipeline.',
    )
  const { terminal } = context
  const run = namedRun(context, name)
  const { status, features } = await withServers(context, run.definition.target, 'start', async (servers) => {
    const known = await readStatus(context, servers, run)
    return { ...known, features: await readFeatures(context, servers.environment, run.definition, known.status) }
  })
  terminal.document({ ...status, features })
  terminal.say(headline(status), '', ...featureDistributions(features))
  return exitCodes.done
}
