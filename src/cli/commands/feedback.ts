import { type Command, Option } from 'commander'
import { loadFeedback } from '../../config/load-feedback.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import type { Definition } from '../../plan/definition.ts'
import type { WrittenFeedback } from '../../plan/feedback.ts'
import type { SegmentRow, WarehouseReader } from '../../ports/warehouse-reader.ts'
import { feedbackLines, proposedOverrides } from '../../report/feedback-lines.ts'
import type { Feedback } from '../../run/feedback.ts'
import { openFeedbackBook } from '../../wiring/feedback.ts'
import { idsAsKept } from '../../wiring/pseudonyms.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf, warehouseOf } from '../find-definition.ts'
import { withReader } from '../read-warehouse.ts'
import { type Servers, withServers } from '../servers.ts'
import { whoami } from '../who.ts'

interface AddOptions {
  readonly file?: string
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
    .description('Keep a judgement of a segment, or those of a file: view segment_feedback.')
    .option('--file <path>', 'a YAML file of judgements, of segments and of misplaced customers')
    .option('--segment <name>', 'instead of a file, one segment by its key or name')
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
  const written = writtenOf(options)
  await withServers(context, definition.target, 'start', async (servers) => {
    const { environment } = servers
    // All of it is looked at before any is kept.
    const entries = await withReader(environment, definition, (reader) =>
      resolveAll(servers, definition, reader, written),
    )
    const added = await withBook(servers, definition, (book) => book.add(pipeline, entries))
    context.terminal.document({ pipeline, added, known: entries.length - added })
    const known = entries.length - added
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

/** @throws WrongUsage, ConfigInvalid */
function writtenOf({ file, segment, judgement, note = '', by = whoami() }: AddOptions): readonly WrittenFeedback[] {
  if ((file === undefined) === (segment === undefined))
    throw new WrongUsage(
      file === undefined ? 'Nothing was said.' : 'A file says itself what its judgements are of.',
      'Give either --file judgements.yaml, or --segment with --judgement.',
    )
  return file === undefined ? [{ segment: segment!, judgement, note, by }] : loadFeedback(file)
}

/** @throws WrongUsage quoting what is not known */
async function resolveAll(
  { environment }: Servers,
  definition: Definition,
  reader: WarehouseReader,
  written: readonly WrittenFeedback[],
): Promise<readonly Feedback[]> {
  const { pipeline } = definition.pipeline
  const segments = await reader.segments(pipeline)
  const found: Feedback[] = []
  for (const one of written) {
    const { note, by: author } = one
    if ('segment' in one) {
      const { judgement } = one
      const segmentKey = keyOf(pipeline, segments, one.segment)
      found.push({ segmentKey, judgement, customerId: null, belongsIn: null, note, author })
      continue
    }
    const belongsIn = one.belongsIn === undefined ? null : keyOf(pipeline, segments, one.belongsIn)
    const kept = idsAsKept(environment, [definition], [one.customer])
    const records = await Promise.all(kept.map((id) => reader.customer(pipeline, id)))
    const live = records.find((record) => record?.current)
    if (!live)
      throw new WrongUsage(
        `Customer ${one.customer} is in no segment of ${pipeline} now.`,
        'Write the id as it is in the source. Nothing was kept.',
      )
    const { segmentKey } = live.current!
    if (segmentKey === belongsIn)
      throw new WrongUsage(
        `Customer ${one.customer} is in ${one.belongsIn!} already.`,
        'Leave the entry out. Nothing was kept.',
      )
    found.push({ segmentKey, judgement: 'misplaced', customerId: live.customerId, belongsIn, note, author })
  }
  return found
}

/** @throws WrongUsage */
function keyOf(pipeline: string, segments: readonly SegmentRow[], text: string): string {
  const found = segments.find(({ segmentKey, name }) => segmentKey === text || name === text)
  if (found) return found.segmentKey
  const known = segments.map(({ name }) => `“${name}”`).join(', ') || 'none: nothing is published'
  throw new WrongUsage(
    `Pipeline ${pipeline} has no segment “${text}”; it has ${known}.`,
    'Name one of them. Nothing was kept.',
  )
}
