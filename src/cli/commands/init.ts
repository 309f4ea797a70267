import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { stdin } from 'node:process'
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { inspectProject } from '../../config/load-project.ts'
import { refuse } from '../../config/problem-text.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { objectives, type Objective } from '../../init/choose-pipeline.ts'
import { plainName } from '../../init/column-names.ts'
import { guessSources } from '../../init/guess-sources.ts'
import { writePipeline, writeProject } from '../../init/write-project.ts'
import { joinDefinition } from '../../config/resolve-definition.ts'
import { guessList } from '../../report/guess-list.ts'
import { lookAtPlaces, type PlaceRequest } from '../../wiring/look-at-places.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { confirm } from '../confirm.ts'
import { connectSources, withRunningServers } from '../connect-sources.ts'
import type { ExitCode } from '../exit-code.ts'
import { exitCodes } from '../exit-code.ts'

interface InitOptions {
  readonly from: readonly string[]
  readonly objective: Objective
  readonly connection: string
  readonly name?: string
  readonly yes?: boolean
}

export function addInit(program: Command): void {
  program
    .command('init')
    .description('Write resegment.yaml and a pipeline from a look at your data: files, or tables of Postgres.')
    .requiredOption(
      '--from <place...>',
      'files, or tables such as sales.order_lines; purchases, and what belongs to them',
    )
    .addOption(
      new Option('--objective <objective>', 'what the segments are for').choices(objectives).default('retention'),
    )
    .option('--connection <secret>', 'environment variable with the URL of the tables', secretOption, 'WAREHOUSE_URL')
    .option('--name <pipeline>', 'name of the pipeline (default: of the first file or table)', nameOption)
    .option('--yes', 'write without asking')
    .action(act(init))
}

async function init(context: CommandContext, options: InitOptions): Promise<ExitCode> {
  const { projectFolder, terminal } = context
  const { from, objective, connection: secret } = options
  const name = options.name ?? sourceName(from[0]!, 40)
  const files = ['resegment.yaml', `pipelines/${name}.yaml`]
  const present = files.filter((file) => existsSync(join(projectFolder, file)))
  if (present.length > 0)
    throw new WrongUsage(
      `There is ${present.join(' and ')} in ${projectFolder}, and init overwrites nothing.`,
      'Name another folder with --project, or add to what is there.',
    )
  if (!options.yes && (terminal.isJson || !stdin.isTTY))
    throw new WrongUsage(
      'Nobody is there to say whether the guesses are right.',
      'Add --yes to write them as they are.',
    )
  const tables = secret === 'WAREHOUSE_URL' ? 'warehouse' : plainName(secret.replace(/_URL$/, ''))
  const requests = from.map((text) => placeOf(text, projectFolder, tables))
  const used = requests.some(({ from: place }) => 'table' in place) ? tables : 'warehouse'
  const connections = {
    warehouse: { postgres: { secret: 'WAREHOUSE_URL' } },
    ...(used === 'warehouse' ? {} : { [used]: { postgres: { secret } } }),
    lake: { s3: { bucket: 'resegment' } },
  }
  const places = await withRunningServers(context, true, (environment) =>
    lookAtPlaces(environment, projectFolder, { [tables]: readOnce(secret) }, requests),
  )
  const sources = guessSources(places)
  if ('missing' in sources)
    throw new WrongUsage(
      `No purchases were found: ${sources.nearest.name} has no column for ${sources.missing.join(', ')} among ${sources.nearest.columns.join(', ')}.`,
      'Name all files or tables that belong to the purchases after --from, or write the project by hand: docs/guides/data-team.md shows how.',
    )
  terminal.say(...guessList(sources))
  if (!options.yes && !(await confirm(`Write ${files.join(' and ')}?`))) {
    terminal.say('Nothing was written.')
    return exitCodes.failed
  }
  await mkdir(join(projectFolder, 'pipelines'), { recursive: true })
  const texts = [writeProject(sources, connections), writePipeline(name, objective, sources)]
  for (const [at, file] of files.entries()) await writeFile(join(projectFolder, file), texts[at]!, { flag: 'wx' })
  const { loaded, pipelines, problems } = inspectProject(projectFolder, [name])
  const [pipeline] = pipelines
  if (!loaded || !pipeline) throw refuse(problems)
  const looked = await connectSources(context, [joinDefinition(loaded, pipeline, 'dev')])
  const asOf = dayAfter(looked.sources[0]?.newest?.utc ?? null)
  const next = [
    'resegment check --connect',
    `resegment run ${name}${asOf === null ? '' : ` --as-of ${asOf}`} --embedded --dry-run`,
    `resegment run ${name}${asOf === null ? '' : ` --as-of ${asOf}`} --embedded`,
  ]
  terminal.document({ files, pipeline: name, asOf, sources: looked.sources, next })
  terminal.say(
    '',
    `Wrote ${files.join(' and ')}. Read them, correct what was guessed wrongly, then:`,
    ...next.map((line) => `  ${line}`),
  )
  return looked.exitCode
}

/** The connection as it is while the project is not written. */
function readOnce(secret: string) {
  return { postgres: { secret }, maxParallel: 1, statementTimeout: '5m' }
}

function placeOf(text: string, projectFolder: string, connection: string): PlaceRequest {
  const path = resolve(text)
  const isFile = existsSync(path) || /[/\\*]|\.(csv|tsv|txt|parquet|jsonl|ndjson)(\.gz)?$/i.test(text)
  if (!isFile) return { name: sourceName(text, 60), from: { connection, table: text } }
  const inside = relative(projectFolder, path)
  return { name: sourceName(text, 60), from: { file: inside === '' ? path : inside } }
}

/** `data/Order Lines.csv.gz` and `sales.order_lines` are `order_lines`. */
function sourceName(text: string, length: number): string {
  const bare = basename(text).replace(/(\.(csv|tsv|txt|parquet|jsonl|ndjson))?(\.gz)?$/i, '')
  const name = plainName(bare.split('.').at(-1)!)
    .replaceAll(/[^a-z0-9_]/g, '')
    .replace(/^[^a-z]+/, '')
  return name.slice(0, length) || 'orders'
}

/** As-of that takes in all rows. */
function dayAfter(utc: string | null): string | null {
  if (utc === null || !Number.isFinite(Date.parse(utc.slice(0, 10)))) return null
  return new Date(Date.parse(utc.slice(0, 10)) + 86_400_000).toISOString().slice(0, 10)
}

function secretOption(text: string): string {
  if (!/^[A-Z][A-Z0-9_]*$/.test(text))
    throw new InvalidArgumentError('The name of a variable is wanted, such as WAREHOUSE_URL.')
  return text
}

function nameOption(text: string): string {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(text))
    throw new InvalidArgumentError('Lower-case letters, digits and underscores are wanted.')
  return text
}
