import { RunNotFound } from '../errors/run-not-found.ts'
import { describeReport } from '../report/segmentation/describe-report.ts'
import type { ReportDocument } from '../report/segmentation/document.ts'
import { type IndexLinks, indexDocument } from '../report/segmentation/index-document.ts'
import { layOutReport } from '../report/segmentation/lay-out-report.ts'
import { reportLines } from '../report/segmentation/report-lines.ts'
import type { IndexedReview } from '../report/segmentation/review-parts.ts'
import { takenAs } from '../run/decision.ts'
import type { KeptFeedback } from '../run/feedback.ts'
import type { NearestOfRun } from '../run/nearest-customers.ts'
import { formatRunId, type RunIdentity } from '../run/run-key.ts'
import { openFeedbackBook } from '../wiring/feedback.ts'
import { readReportSources } from '../wiring/run-report.ts'
import type { CommandContext } from './command-context.ts'
import { allDefinitions, definitionOf, type NamedRun, namedRun, warehouseOf } from './find-definition.ts'
import { readIndex } from './read-index.ts'
import { readStatus } from './read-status.ts'
import { withReader } from './read-warehouse.ts'
import type { Servers } from './servers.ts'

/** A report in every form there is of it. */
export interface MadeReport {
  /** Of a file: `shop@2026-10-01~1`. */
  readonly name: string
  readonly data: unknown
  readonly document: ReportDocument
  readonly lines: readonly string[]
}

/**
 * @param named a run, or a pipeline: what is live of it
 * @param options.ids name customers, for whoever called the command; never for a page that others may see
 * @throws RunNotFound, ArtifactMissing
 */
export async function makeReport(
  context: CommandContext,
  servers: Servers,
  named: string,
  { ids = false }: { readonly ids?: boolean } = {},
): Promise<MadeReport> {
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
  const reported = { ...sources, decision, feedback: await readFeedback(servers, run) }
  const data = describeReport(reported)
  const nearest = ids ? { nearest: await readNearest(servers, run, status) } : {}
  return {
    name: formatRunId(status),
    data: { ...data, ...nearest },
    document: layOutReport({ ...reported, ...nearest }),
    lines: reportLines(data, nearest.nearest),
  }
}

function readNearest({ environment }: Servers, { definition }: NamedRun, run: RunIdentity): Promise<NearestOfRun> {
  return withReader(environment, definition, (reader) => reader.nearest(definition.pipeline.pipeline, run))
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

/** @param links where reports and reviews are; absent: nowhere that a link could lead to */
export async function makeIndex(
  context: CommandContext,
  { environment }: Servers,
  links?: IndexLinks,
): Promise<MadeReport> {
  const pipelines = []
  for (const definition of allDefinitions(context)) pipelines.push(await readIndex(environment, definition))
  const document = indexDocument(context.targetName, pipelines, links)
  return {
    name: `segmentations-${context.targetName}`,
    data: { pipelines },
    document,
    lines: [
      document.title,
      '',
      ...pipelines.flatMap(({ pipeline, runs, reviews }) => [
        `${pipeline}: ${runs.length === 0 ? 'nothing is published' : runs.map(({ runId }) => runId).join(', ')}`,
        ...reviews.slice(-1).map(reviewLine),
      ]),
    ],
  }
}

function reviewLine({ runId, index, band, target }: IndexedReview): string {
  const found =
    index === null ? 'nothing to judge it by' : `${index.toFixed(0)} of 100 (${band!}), the target is ${target}`
  return `  effectiveness of ${runId}: ${found}`
}
