import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { RunNotFound } from '../../errors/run-not-found.ts'
import type { WarehouseReader } from '../../ports/warehouse-reader.ts'
import { describeReport } from '../../report/segmentation/describe-report.ts'
import type { ReportDocument } from '../../report/segmentation/document.ts'
import { indexDocument } from '../../report/segmentation/index-document.ts'
import { layOutReport } from '../../report/segmentation/lay-out-report.ts'
import { renderReportHtml } from '../../report/segmentation/render-report-html.ts'
import { renderReportMarkdown } from '../../report/segmentation/render-report-markdown.ts'
import { reportLines } from '../../report/segmentation/report-lines.ts'
import { takenAs } from '../../run/decision.ts'
import type { KeptFeedback } from '../../run/feedback.ts'
import { formatRunId } from '../../run/run-key.ts'
import { openFeedbackBook } from '../../wiring/feedback.ts'
import { readReportSources } from '../../wiring/run-report.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { allDefinitions, definitionOf, type NamedRun, namedRun, targetOf, warehouseOf } from '../find-definition.ts'
import { openFile } from '../open-file.ts'
import { readIndex } from '../read-index.ts'
import { readStatus } from '../read-status.ts'
import { withReader } from '../read-warehouse.ts'
import { type Servers, withServers } from '../servers.ts'

type Format = 'html' | 'markdown' | 'json'

interface ReportOptions {
  readonly format?: Format
  readonly output?: string
  readonly open?: boolean
}

/** A report in every form there is of it. */
interface MadeReport {
  /** Of a file: `shop@2026-10-01~1`. */
  readonly name: string
  readonly data: unknown
  readonly document: ReportDocument
  readonly lines: readonly string[]
}

export function addReport(program: Command): void {
  program
    .command('report')
    .argument('[run or pipeline]', 'run as shop@2026-10-01, or a pipeline: what is live of it. Default: an index')
    .description(
      'Report who the segments are, what changed and what it rests on; without an argument how all pipelines came along.',
    )
    .addOption(
      new Option('--format <format>', 'the whole report in this form. Default: a summary for the screen').choices([
        'html',
        'markdown',
        'json',
      ]),
    )
    .option('--output <file>', 'write it to a file. Default format: html')
    .option('--open', 'open it in the browser')
    .action(act(report))
}

async function report(context: CommandContext, named: string | undefined, options: ReportOptions): Promise<void> {
  const { terminal } = context
  const made = await withServers(context, targetOf(context), 'start', (servers) =>
    named === undefined ? makeIndex(context, servers) : makeReport(context, servers, named),
  )
  const { format = options.output !== undefined || options.open ? 'html' : undefined } = options
  const text = format && render(made, options.open ? 'html' : format)
  if (text !== undefined && (options.output !== undefined || options.open)) {
    const path =
      options.output === undefined
        ? join(await mkdtemp(join(tmpdir(), 'resegment-')), `${made.name}.html`)
        : resolve(options.output)
    await writeFile(path, text)
    if (options.open) await openFile(path)
    terminal.document({ ...(made.data as object), file: path })
    terminal.say(`The report is in ${path}`)
    return
  }
  terminal.document(made.data)
  terminal.say(...(text === undefined ? made.lines : [text.trimEnd()]))
}

function render({ data, document }: MadeReport, format: Format): string {
  switch (format) {
    case 'html':
      return renderReportHtml(document)
    case 'markdown':
      return renderReportMarkdown(document)
    case 'json':
      return `${JSON.stringify(data, null, 2)}\n`
  }
}

async function makeReport(context: CommandContext, servers: Servers, named: string): Promise<MadeReport> {
  const run = named.includes('@') ? namedRun(context, named) : await liveRun(context, servers, named)
  const { status, recorded } = await readStatus(context, servers, run)
  const uri = status.artifacts.validate
  if (uri === undefined)
    throw new RunNotFound(
      `Run ${run.text} has no report: it did not come to the end of stage validate, or Temporal has forgotten it.`,
      'See `resegment describe` for how far it came.',
    )
  const sources = await readReportSources(servers.environment, run.definition, uri)
  const taken = recorded?.events.find(({ event }) => event === takenAs.approve || event === takenAs.useLiveModel)
  const decision = taken ? { decision: taken.event, by: taken.by, reason: taken.reason } : null
  const data = describeReport({ ...sources, decision })
  return {
    name: formatRunId(status),
    data,
    document: layOutReport({ ...sources, decision, feedback: await readFeedback(servers, run) }),
    lines: reportLines(data),
  }
}

/** What was said of the segments so far; of a dry run's nobody says anything. */
async function readFeedback({ environment }: Servers, { definition }: NamedRun): Promise<readonly KeptFeedback[]> {
  const book = openFeedbackBook(environment, warehouseOf(definition))
  try {
    return await book.list(definition.pipeline.pipeline)
  } finally {
    await book.close()
  }
}

async function liveRun(context: CommandContext, { environment }: Servers, pipeline: string): Promise<NamedRun> {
  const definition = definitionOf(context, pipeline)
  const live = await withReader(environment, definition, (reader) => reader.liveDefinition(pipeline))
  if (!live)
    throw new RunNotFound(`Nothing is published of ${pipeline} yet.`, `Publish a run: resegment run ${pipeline}`)
  return namedRun(context, formatRunId(live))
}

async function makeIndex(context: CommandContext, { environment }: Servers): Promise<MadeReport> {
  const pipelines = []
  for (const definition of allDefinitions(context))
    pipelines.push(
      await withReader(environment, definition, (reader: WarehouseReader) => readIndex(reader, definition)),
    )
  const document = indexDocument(context.targetName, pipelines)
  return {
    name: `segmentations-${context.targetName}`,
    data: { pipelines },
    document,
    lines: [
      document.title,
      '',
      ...pipelines.flatMap(({ pipeline, runs }) => [
        `${pipeline}: ${runs.length === 0 ? 'nothing is published' : runs.map(({ runId }) => runId).join(', ')}`,
      ]),
    ],
  }
}
