import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { stdin } from 'node:process'
import type { Command } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { resolveAsOf } from '../../plan/period.ts'
import { adoptedSegments } from '../../report/adopted-segments.ts'
import type { AdoptedSegments } from '../../stages/validate/adopted.ts'
import { adoptFrom } from '../../wiring/adopt-segments.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { confirm } from '../confirm.ts'
import { definitionOf } from '../find-definition.ts'
import { placesOf } from '../init-requests.ts'
import { withServers } from '../servers.ts'
import { whoami } from '../who.ts'

interface AdoptOptions {
  readonly from: string
  readonly asOf: string
  readonly customer: string
  readonly segment: string
  readonly connection?: string
  readonly reason: string
  readonly by?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
}

export function addAdopt(program: Command): void {
  program
    .command('adopt')
    .argument('<pipeline>', 'name of the pipeline, which has published nothing yet')
    .description('Make the segments you have today the first publication, so that the first run is compared with them.')
    .requiredOption('--from <table or file>', 'one row a customer: a table or view of the warehouse, or a file')
    .requiredOption('--as-of <date>', 'since when the segments are true: 2026-07-01')
    .option('--customer <column>', 'column of the ids', 'customer_id')
    .option('--segment <column>', 'column of the segments, by name', 'segment')
    .option('--connection <name>', 'where the table is (default: the warehouse that the pipeline publishes to)')
    .option('--reason <text>', 'why; kept with the publication', 'Segments in use before resegment.')
    .option('--by <name>', 'who decides (default: your user and host name)')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show what would be published')
    .action(act(adopt))
}

async function adopt(context: CommandContext, pipeline: string, options: AdoptOptions): Promise<void> {
  const { terminal, projectFolder } = context
  const definition = definitionOf(context, pipeline)
  const connection = options.connection ?? definition.pipeline.publish.warehouse
  const [place] = placesOf([inProject(options.from, projectFolder)], projectFolder, connection)
  const asOf = resolveAsOf(definition.pipeline, options.asOf)
  // The one place here that knows today: what is true from tomorrow on is a slip of the keyboard.
  if (Date.parse(asOf) > Date.now())
    throw new WrongUsage(`As-of ${options.asOf} is not there yet.`, 'Name the day since when the segments are true.')
  let found: AdoptedSegments | undefined
  const adopted = await withServers(context, definition.target, 'start', ({ environment, signal }) => {
    terminal.progress(`Reading ${options.from}`)
    return adoptFrom(
      environment,
      definition,
      {
        from: place!.from,
        fromName: options.from,
        columns: { customer: options.customer, segment: options.segment },
        asOf,
        by: options.by ?? whoami(),
        reason: options.reason,
        confirm: (segments) => {
          found = segments
          terminal.say(...adoptedSegments(segments))
          return isWanted(options, terminal.isJson)
        },
      },
      signal,
    )
  })
  terminal.document({ adopted: adopted !== null, runId: adopted?.runId ?? null, ...(adopted ?? found) })
  terminal.say(
    '',
    adopted === null
      ? 'Nothing was published.'
      : `Published as ${adopted.runId}. The first run is compared with it: resegment run ${pipeline}`,
  )
}

/** A file is named from where one stands, or from the folder of the project, as sources are. */
function inProject(from: string, projectFolder: string): string {
  const path = resolve(projectFolder, from)
  return !existsSync(from) && existsSync(path) ? path : from
}

/** @throws WrongUsage where nobody can answer */
async function isWanted({ yes = false, dryRun = false }: AdoptOptions, isJson: boolean): Promise<boolean> {
  if (dryRun) return false
  if (yes) return true
  if (isJson || !stdin.isTTY)
    throw new WrongUsage(
      'Adopting publishes segments, and nobody is there to ask.',
      'Add --yes, or --dry-run to only look.',
    )
  return confirm('Publish these segments?')
}
