import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { writeDemoShop } from '../../demo/write-demo-shop.ts'
import { block } from '../../report/run-report.ts'
import { clearState } from '../../wiring/fresh-state.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import type { ExitCode } from '../exit-code.ts'
import { exitCodes } from '../exit-code.ts'
import { definitionOf } from '../find-definition.ts'
import { withWorker } from '../local-worker.ts'
import { prepareServers } from '../prepare-servers.ts'
import { checkEmbedded, withServers, withTemporal } from '../servers.ts'
import { asOfOf, runOnce } from './run.ts'

const PIPELINE = 'shop'
/** Two quarters, so that the second is compared with the first. In the last one the shop changes. */
const QUARTERS = ['2026-07-01', '2026-10-01']

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('Show the whole product: embedded servers, a made-up shop, two quarters of segments.')
    .option('--keep', 'leave the servers up afterwards')
    .action(act(demonstrate))
}

async function demonstrate(given: CommandContext, { keep = false }: { readonly keep?: boolean }): Promise<ExitCode> {
  // Always the whole story: servers of its own, and nothing of the last demo.
  const runs: unknown[] = []
  const context: CommandContext = {
    ...given,
    stateFolder: join(given.stateFolder, 'demo-servers'),
    // One document at the end, not one a quarter.
    terminal: { ...given.terminal, document: (run) => runs.push(run) },
  }
  const { terminal, projectFolder } = context
  const definition = definitionOf(context, PIPELINE)
  checkEmbedded(context, definition.target)
  await clearState(context.stateFolder)
  const started = performance.now()
  await generateShop(context, join(projectFolder, '.resegment', 'demo'))
  return withServers(context, definition.target, 'start', (servers) =>
    withTemporal(servers.environment, async (access) => {
      terminal.say(`Servers up after ${seconds(started)}: Temporal, Postgres and S3, on this machine only.`)
      await prepareServers(servers, access, [definition])
      const exitCode = await withWorker(context, servers.environment, async () => {
        for (const quarter of QUARTERS) {
          terminal.say('', `── ${PIPELINE} as of ${quarter} ${'─'.repeat(50)}`)
          const asOf = asOfOf(definition, quarter)
          const exitCode = await runOnce(context, servers, access, { definition, asOf, options: { staysUp: keep } })
          if (exitCode !== exitCodes.done) return exitCode
        }
        return exitCodes.done
      })
      if (keep) await servers.stack?.keep()
      given.terminal.document({ runs, endpoints: keep ? (servers.stack?.endpoints ?? null) : null })
      terminal.say(...closingLines(context, given, keep, seconds(started)))
      return exitCode
    }),
  )
}

async function generateShop({ terminal }: CommandContext, folder: string): Promise<void> {
  if (existsSync(join(folder, 'order_lines.csv.gz'))) return
  const shop = await writeDemoShop({ folder })
  terminal.say(`A made-up shop: ${shop.customers} customers, ${shop.orders} orders in two years, in ${folder}.`)
}

function closingLines(
  { stateFolder }: CommandContext,
  { projectFolder }: CommandContext,
  keep: boolean,
  took: string,
): readonly string[] {
  const state = stateFolder.startsWith(`${projectFolder}/`) ? stateFolder.slice(projectFolder.length + 1) : stateFolder
  return block(
    keep
      ? [
          `Done in ${took}. The servers stay up; see their data with the lines above, or:`,
          `  npx resegment segments ${PIPELINE} --state ${state}`,
          `  npx resegment endpoints --state ${state}`,
        ]
      : [
          `Done in ${took}; all servers are stopped. Keep them up to look around: npm start -- --keep`,
          `Their data stays: npx resegment describe ${PIPELINE}@${QUARTERS.at(-1)} --state ${state}`,
        ],
  )
}

function seconds(startedMs: number): string {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`
}
