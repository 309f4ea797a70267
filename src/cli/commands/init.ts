import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stdin } from 'node:process'
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { inspectProject } from '../../config/load-project.ts'
import { refuse } from '../../config/problem-text.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { objectives, type Objective } from '../../init/choose-pipeline.ts'
import { plainName } from '../../init/column-names.ts'
import type { Corrections } from '../../init/corrections.ts'
import { guessSources, type NobodyFound } from '../../init/guess-sources.ts'
import type { LookedPlace, SourceGuess } from '../../init/guesses.ts'
import { writePipeline, writeProject } from '../../init/write-project.ts'
import { joinDefinition } from '../../config/resolve-definition.ts'
import { guessList } from '../../report/guess-list.ts'
import { lookAtPlaces } from '../../wiring/look-at-places.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { askGuesses } from '../ask-guesses.ts'
import { connectSources, withRunningServers } from '../connect-sources.ts'
import type { ExitCode } from '../exit-code.ts'
import { exitCodes } from '../exit-code.ts'
import { readCorrections } from '../init-corrections.ts'
import { placesOf, sourceName } from '../init-requests.ts'
import { openPrompts } from '../prompts.ts'

interface InitOptions {
  readonly from: readonly string[]
  readonly objective: Objective
  readonly connection: string
  readonly name?: string
  readonly role: readonly string[]
  readonly column: readonly string[]
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
    .option('--role <place=role>', 'what a file or table is, where the guess is wrong; repeatable', collect, [])
    .option(
      '--column <place:name=column>',
      'the column behind a name of ours, such as orders.csv:customer_id=Kundennr; repeatable',
      collect,
      [],
    )
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
  const requests = placesOf(from, projectFolder, tables)
  const used = requests.some(({ from: place }) => 'table' in place) ? tables : 'warehouse'
  const connections = {
    warehouse: { postgres: { secret: 'WAREHOUSE_URL' } },
    ...(used === 'warehouse' ? {} : { [used]: { postgres: { secret } } }),
    lake: { s3: { bucket: 'resegment' } },
  }
  const places = await withRunningServers(context, true, (environment) =>
    lookAtPlaces(environment, projectFolder, { [tables]: readOnce(secret) }, requests),
  )
  const corrections = readCorrections(options, requests, places)
  const sources = options.yes
    ? accept(context, guessSources(places, corrections))
    : await ask(context, places, corrections, files)
  if (!sources) {
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
  const asOf = dayAfter(
    looked.sources
      .flatMap(({ newest }) => newest?.utc ?? [])
      .toSorted()
      .at(-1) ?? null,
  )
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

function accept(context: CommandContext, guessed: readonly SourceGuess[] | NobodyFound): readonly SourceGuess[] {
  if ('missing' in guessed) throw nobodyFound(guessed)
  context.terminal.say(...guessList(guessed))
  return guessed
}

function ask(
  { terminal }: CommandContext,
  places: readonly LookedPlace[],
  corrections: Corrections,
  files: readonly string[],
): Promise<readonly SourceGuess[] | null> {
  const show = (guessed: readonly SourceGuess[] | NobodyFound): void => {
    if (!('missing' in guessed)) return terminal.say(...guessList(guessed))
    const { what, remedy } = nobodyFound(guessed)
    terminal.say(what, remedy)
  }
  return askGuesses({ places, files, prompts: openPrompts(), show }, corrections)
}

/** What was looked for, and how to name it. */
function nobodyFound({ role, missing, nearest }: NobodyFound): WrongUsage {
  const { name, columns, sampledRows } = nearest
  const has = `among ${columns.map((column) => column.name).join(', ')}`
  if (sampledRows === 0)
    return new WrongUsage(
      `${name} has no rows.`,
      'Name files or tables with rows: guesses are made from what they hold.',
    )
  const correction = `--column ${name}:${missing[0]}=COLUMN`
  if (role === 'customers')
    return new WrongUsage(
      `No customers were found: ${name} has no column called like customer_id, user_id, client_no, household_id, member_id, account_id or Kundennr ${has}.`,
      `If one of them tells customers apart, name it with ${correction}; if the customers are elsewhere, name those files or tables after --from too.`,
    )
  const what = role === 'transactions' ? 'No purchases were found' : `${name} cannot be ${role}`
  return new WrongUsage(
    `${what}: ${name} has no column for ${missing.join(', ')} ${has}.`,
    `Name all files or tables that belong together after --from, a column with ${correction}, or with --role ${name}=ROLE what it is (customers: attributes, no purchases); docs/guides/data-team.md shows how.`,
  )
}

/** As-of that takes in all rows. */
function dayAfter(utc: string | null): string | null {
  if (utc === null || !Number.isFinite(Date.parse(utc.slice(0, 10)))) return null
  return new Date(Date.parse(utc.slice(0, 10)) + 86_400_000).toISOString().slice(0, 10)
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
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
