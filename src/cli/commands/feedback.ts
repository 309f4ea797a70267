import { type Command, Option } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import type { Definition } from '../../plan/definition.ts'
import type { WrittenFeedback } from '../../plan/feedback.ts'
import { feedbackLines, proposedOverrides } from '../../report/feedback-lines.ts'
import { readFeedbackFile, readFeedbackTable } from '../../wiring/feedback-sources.ts'
import { openFeedbackBook } from '../../wiring/feedback.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf, warehouseOf } from '../find-definition.ts'
import { withReader } from '../read-warehouse.ts'
import { resolveFeedback } from '../resolve-feedback.ts'
import { type Servers, withServers } from '../servers.ts'
import { whoami } from '../who.ts'

interface AddOptions {
  readonly file?: string
  readonly table?: string
  readonly connection?: string
  readonly segment?: string
  readonly judgement: 'useful' | 'wrong' | 'note'
  readonly note?: string
  readonly by?: string
}

export function addFeedback(program: Command): void {
  const feedback = program.command('feedback').description('What marketers say of segments, and of customers in them.')
  feedback
    .command('add')
    .argument('<pipeline>', 'name of a pipeline')
    .description('Keep a judgement of a segment, or those of a file or a table: view segment_feedback.')
    .option('--file <path>', 'a YAML or CSV file of judgements, of segments and of misplaced customers')
    .addOption(
      new Option('--table <name>', 'instead, a table or view of Postgres: marketing.judgements').conflicts([
        'file',
        'segment',
      ]),
    )
    .option('--connection <name>', "with --table: a Postgres connection (default: the pipeline's warehouse)")
    .option('--segment <name>', 'instead, one segment by its key or name')
    .addOption(
      new Option('--judgement <word>', 'what is said of it').choices(['useful', 'wrong', 'note']).default('note'),
    )
    .option('--note <text>', 'what else there is to say')
    .option('--by <name>', 'who says so (default: your user and host name)')
    .action(act(add))
  feedback
    .command('list')
    .argument('<pipeline>', 'name of a pipeline')
    .description('Show what was said.')
    .option('--ids', 'only the misplaced customers, with their ids, as `overrides` for the pipeline file')
    .action(act(list))
}

async function add(context: CommandContext, pipeline: string, options: AddOptions): Promise<void> {
  const definition = definitionOf(context, pipeline)
  checkAdd(options)
  // A file is looked at before servers are brought up.
  const ofFile = options.table === undefined ? await writtenOf(context, options) : []
  await withServers(context, definition.target, 'start', async (servers) => {
    const { environment } = servers
    const { table, connection } = options
    const written =
      table === undefined ? ofFile : await readFeedbackTable(environment, definition, { table, connection })
    const kept = await withBook(servers, definition, (book) => book.list(pipeline))
    // All of it is looked at before any is kept.
    const entries = await withReader(environment, definition, (reader) =>
      resolveFeedback(environment, definition, reader, written, kept),
    )
    const added = await withBook(servers, definition, (book) => book.add(pipeline, entries))
    const known = written.length - added
    context.terminal.document({ pipeline, added, known })
    context.terminal.say(`${added} kept${known > 0 ? `; ${known} had been said before` : ''}.`)
  })
}

async function list(context: CommandContext, pipeline: string, { ids = false }: { readonly ids?: boolean }) {
  const definition = definitionOf(context, pipeline)
  await withServers(context, definition.target, 'start', async (servers) => {
    const feedback = await withBook(servers, definition, (book) => book.list(pipeline))
    const segments = await withReader(servers.environment, definition, (reader) => reader.segments(pipeline))
    const nameOf = (key: string): string => segments.find(({ segmentKey }) => segmentKey === key)?.name ?? key
    const shown = feedback.map(({ customerId, ...one }) => ({ ...one, ...(ids && { customerId }) }))
    context.terminal.document({ pipeline, feedback: shown })
    context.terminal.say(...(ids ? proposedOverrides(feedback) : feedbackLines(feedback, nameOf)))
  })
}

function withBook<T>(
  { environment }: Servers,
  definition: Definition,
  use: (book: ReturnType<typeof openFeedbackBook>) => Promise<T>,
): Promise<T> {
  const book = openFeedbackBook(environment, warehouseOf(definition))
  return use(book).finally(() => book.close())
}

/** @throws WrongUsage */
function checkAdd({ file, segment, table, connection }: AddOptions): void {
  if (connection !== undefined && table === undefined)
    throw new WrongUsage(
      `Nothing is read through connection ${connection}.`,
      'Name the table with --table, or leave --connection out.',
    )
  if (table !== undefined || (file === undefined) !== (segment === undefined)) return
  throw new WrongUsage(
    file === undefined ? 'Nothing was said.' : 'A file says itself what its judgements are of.',
    'Give --file judgements.yaml or judgements.csv, or --table marketing.judgements, or --segment with --judgement.',
  )
}

/** @throws ConfigInvalid */
async function writtenOf(
  { environment }: CommandContext,
  { file, segment, judgement, note = '', by = whoami() }: AddOptions,
): Promise<readonly WrittenFeedback[]> {
  return file === undefined ? [{ segment: segment!, judgement, note, by }] : readFeedbackFile(environment, file)
}
