import { Option, type Command } from 'commander'
import { stringify } from 'yaml'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import type { Definition } from '../../plan/definition.ts'
import { longestPeriodDays } from '../../plan/planned-starts.ts'
import { dbtSources } from '../../report/consumers/dbt-sources.ts'
import { dialects, externalTables, type Dialect } from '../../report/consumers/external-tables.ts'
import { formatRunId } from '../../run/run-key.ts'
import { wasPublished } from '../../run/run-status.ts'
import { findS3 } from '../../wiring/find-connection.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { allDefinitions, definitionOf } from '../find-definition.ts'
import { readWarehouse } from '../read-warehouse.ts'

interface ConsumersOptions {
  readonly dbt?: boolean
  readonly ddl?: Dialect
}

/** Runs whose folders are named where a warehouse does not find them by itself. */
const MOST_RUNS = 200
const WARN_LATE_DAYS = 5
const FAIL_LATE_DAYS = 14

export function addConsumers(program: Command): void {
  program
    .command('consumers')
    .argument('[pipeline]', 'name of a pipeline; --ddl needs one')
    .addOption(new Option('--dbt', "print dbt's sources.yml for the views of the warehouse").conflicts('ddl'))
    .addOption(new Option('--ddl <dialect>', 'print external tables over the published files').choices(dialects))
    .description('Print what other tools need to read the segments: sources of dbt, or external tables.')
    .action(act(printConsumers))
}

async function printConsumers(
  context: CommandContext,
  pipeline: string | undefined,
  { dbt = false, ddl }: ConsumersOptions,
): Promise<void> {
  if (!dbt && ddl === undefined)
    throw new WrongUsage('Nothing was asked for.', `Say --dbt, or --ddl with one of ${dialects.join(', ')}.`)
  const definitions = pipeline === undefined ? allDefinitions(context) : [definitionOf(context, pipeline)]
  const [definition] = definitions
  if (!definition || (ddl !== undefined && pipeline === undefined))
    throw new WrongUsage('No pipeline was named.', 'Name the one whose files or views are read.')
  await (ddl === undefined ? printDbt(context, definition, definitions) : printTables(context, definition, ddl))
}

async function printDbt(
  context: CommandContext,
  definition: Definition,
  definitions: readonly Definition[],
): Promise<void> {
  const views = await readWarehouse(context, definition, (reader) => reader.contract())
  const periods = definitions.flatMap(({ pipeline }) => (pipeline.schedule ? [longestPeriodDays(pipeline)] : []))
  const shortest = Math.min(...periods)
  const document = dbtSources({
    schema: definition.target.schema,
    views,
    ...(periods.length > 0
      ? { freshness: { warnDays: shortest + WARN_LATE_DAYS, errorDays: shortest + FAIL_LATE_DAYS } }
      : {}),
  })
  context.terminal.document(document)
  context.terminal.say(stringify(document, { lineWidth: 0 }).trimEnd())
}

async function printTables(context: CommandContext, definition: Definition, dialect: Dialect): Promise<void> {
  const { pipeline, target, connections } = definition
  if (pipeline.publish.s3 === undefined)
    throw new WrongUsage(
      `Pipeline ${pipeline.pipeline} publishes no files.`,
      'Name an s3 connection under publish.s3 of the pipeline, or read the views of the warehouse.',
    )
  const { bucket, region } = findS3(connections, pipeline.publish.s3)
  const [views, runs] = await readWarehouse(context, definition, async (reader) => [
    await reader.contract(),
    await reader.runs(pipeline.pipeline, MOST_RUNS),
  ])
  const statements = externalTables(dialect, {
    pipeline: pipeline.pipeline,
    root: `s3://${bucket}/${target.prefix}${pipeline.pipeline}`,
    region,
    runs: runs
      .filter(({ status, manifestUri }) => manifestUri !== null && wasPublished({ status }))
      .map(formatRunId)
      .reverse(),
    views,
  })
  context.terminal.document(statements)
  context.terminal.say(statements.join('\n\n'))
}
