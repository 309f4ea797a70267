import type { Section } from '../comparison/page.ts'
import { formatCount, formatInstant, formatShare } from '../../run/figures.ts'
import type { GateOutcome } from '../../run/verdict.ts'
import { targetOption } from '../../run/target-option.ts'
import { listText } from './value-text.ts'
import type { Chapter, Part, ReportDocument } from './document.ts'
import { pathParts } from './path-parts.ts'
import { type IndexedReview, reviewParts } from './review-parts.ts'
import type { ReportedPaths } from './withhold-paths.ts'

/** A publication, as the index shows it. */
export interface IndexedRun {
  /** `shop@2026-10-01~1` */
  readonly runId: string
  readonly period: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly verdict: GateOutcome | null
  readonly isLive: boolean
  /** Null: nothing to compare with. */
  readonly moved: number | null
  readonly segments: readonly {
    readonly segmentKey: string
    readonly name: string
    readonly customers: number
    readonly share: number
  }[]
}

export interface IndexedPipeline {
  readonly pipeline: string
  readonly description: string
  /** Oldest first. */
  readonly runs: readonly IndexedRun[]
  /** Null: there are not two publications to go from and to, or too few customers. */
  readonly paths: ReportedPaths | null
  /** Oldest first. */
  readonly reviews: readonly IndexedReview[]
}

/** Where pages of runs are. */
export interface IndexLinks {
  report(runId: string): string
  review(runId: string): string
}

/**
 * All pipelines with their publications, and how the segments came along.
 *
 * @param links where reports and reviews are; absent: commands say how to make or list them
 */
export function indexDocument(
  targetName: string,
  pipelines: readonly IndexedPipeline[],
  links?: IndexLinks,
): ReportDocument {
  const runs = pipelines.reduce((sum, one) => sum + one.runs.length, 0)
  const without = pipelines.filter((one) => one.runs.length === 0).map(({ pipeline }) => pipeline)
  return {
    title: `Customer segmentations of ${targetName}`,
    facts: [
      `${formatCount(pipelines.length)} ${pipelines.length === 1 ? 'pipeline' : 'pipelines'}`,
      `${formatCount(runs)} ${runs === 1 ? 'publication' : 'publications'} shown`,
    ],
    verdict: null,
    finding: without.length === 0 ? [] : [`Nothing is published of ${listText(without)}.`],
    chapters: pipelines.filter((one) => one.runs.length > 0).map((one) => pipelineChapter(targetName, one, links)),
  }
}

function pipelineChapter(
  targetName: string,
  { pipeline, description, runs, paths, reviews }: IndexedPipeline,
  links: IndexLinks | undefined,
): Chapter {
  const keys = lastingKeys(runs)
  return {
    id: pipeline,
    title: pipeline,
    ...(description !== '' && { lead: description }),
    parts: [
      ...(runs.length > 1 ? [trend(runs, keys)] : []),
      ...(paths ? pathParts(paths, keys) : []),
      runTable(runs, links),
      ...reviewParts(reviews, links?.review),
    ],
    ...(!links && { sections: [commandSection(targetName, pipeline, runs, reviews)] }),
  }
}

function commandSection(
  targetName: string,
  pipeline: string,
  runs: readonly IndexedRun[],
  reviews: readonly IndexedReview[],
): Section {
  const target = targetOption(targetName)
  const newest = runs.at(-1)!
  const page = reviews.at(-1)?.reportUri ?? null
  return {
    title: 'Reports',
    commands: [
      ...[...runs].reverse().map(({ runId, period }) => ({
        command: `resegment report ${runId}${target} --open`,
        text: runId === newest.runId ? `${period}, the newest.` : `${period}.`,
      })),
      ...(reviews.length === 0
        ? []
        : [
            {
              command: `resegment effectiveness ${pipeline}${target} --history`,
              text: `What was judged, with its parts.${page === null ? '' : ` The page of the newest review: ${page}`}`,
            },
          ]),
    ],
  }
}

/** Keys of all segments in the order of their colours: the largest of today first, then those that were. */
function lastingKeys(runs: readonly IndexedRun[]): readonly string[] {
  const newest = [...runs.at(-1)!.segments].sort((a, b) => b.customers - a.customers)
  return [...new Set([...newest, ...runs.flatMap(({ segments }) => segments)].map(({ segmentKey }) => segmentKey))]
}

function trend(runs: readonly IndexedRun[], lasting: readonly string[]): Part {
  const newest = runs.at(-1)!
  const find = (run: IndexedRun, key: string) => run.segments.find(({ segmentKey }) => segmentKey === key)
  const nameOf = (key: string): string => [...runs].reverse().flatMap((run) => find(run, key)?.name ?? [])[0] ?? key
  const changes = newest.segments
    .flatMap((one) => {
      const first = runs.find((run) => find(run, one.segmentKey))!
      return first === newest
        ? []
        : [{ ...one, from: first.period, change: one.share - find(first, one.segmentKey)!.share }]
    })
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
  const [top] = changes
  return {
    figure: {
      title:
        top && Math.abs(top.change) >= 0.01
          ? `“${top.name}” ${top.change > 0 ? 'rose' : 'fell'} by ${(Math.abs(top.change) * 100).toFixed(1)} points since ${top.from}`
          : 'The segments have kept their shares',
      note: 'Share of all customers by publication.',
      chart: {
        kind: 'lines',
        labels: runs.map(({ period }) => period),
        series: lasting.map((key) => ({
          name: nameOf(key),
          values: runs.map((run) => find(run, key)?.share ?? null),
        })),
      },
      table: {
        caption: 'Share of each segment in each publication',
        columns: [{ title: 'Segment' }, ...runs.map(({ period }) => ({ title: period, align: 'right' as const }))],
        rows: lasting.map((key) => [
          { text: nameOf(key), note: key },
          ...runs.map((run) => {
            const share = find(run, key)?.share
            return { text: share === undefined ? '–' : formatShare(share) }
          }),
        ]),
      },
    },
  }
}

function runTable(runs: readonly IndexedRun[], links: IndexLinks | undefined): Part {
  return {
    table: {
      caption: 'Publications, the newest first',
      columns: [
        { title: 'Run' },
        { title: 'Period' },
        { title: 'As of' },
        ...['Segments', 'Customers', 'Moved'].map((title) => ({ title, align: 'right' as const })),
        { title: 'Verdict' },
      ],
      rows: [...runs]
        .reverse()
        .map(({ runId, period, asOf, verdict, isLive, moved, segments }) => [
          { text: runId, ...(isLive && { note: 'live' }), ...(links && { href: links.report(runId) }) },
          { text: period },
          { text: formatInstant(asOf) },
          { text: formatCount(segments.length) },
          { text: formatCount(segments.reduce((sum, { customers }) => sum + customers, 0)) },
          { text: moved === null ? '–' : formatCount(moved) },
          { text: verdict === 'not-computable' ? 'pass' : (verdict ?? '–'), ...(verdict && { tone: verdict }) },
        ]),
    },
  }
}
