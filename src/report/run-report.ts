import { formatCount, formatShare } from '../run/figures.ts'
import { gateRow } from '../run/gate-text.ts'
import { lineageTexts } from '../run/lineage.ts'
import { wasPublished, type RunState, type RunStatus, type SegmentSummary } from '../run/run-status.ts'
import { formatRunId } from '../run/run-key.ts'
import { sampleText } from '../run/sample.ts'
import { movedText, NOTHING_TO_COMPARE, verdictText } from '../run/verdict-text.ts'
import { moveTable } from './move-table.ts'
import { stageLine } from './stage-line.ts'
import { textTable } from './text-table.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

const stateSentences: Readonly<Record<RunState, string>> = {
  running: 'is running',
  published: 'is published',
  held: 'is held: a person has to decide',
  rejected: 'was rejected: what was live stays live',
  failed: 'failed: what was live stays live',
  cancelled: 'was cancelled: what was live stays live',
  superseded: 'was published; a newer revision took its place',
  rolled_back: 'was published and rolled back',
  dry_run: 'was a dry run: nothing was written for consumers',
}

/** `shop@2026-10-01~1 (2026-Q3) is published; verdict: warn.` */
export function headline(status: RunStatus): string {
  const { moved } = status
  const verdict = status.verdict === null ? '' : `; verdict: ${verdictText({ verdict: status.verdict, moved })}`
  const sentence =
    status.supersededBy === undefined
      ? stateSentences[status.status].replace('a dry run', dryRunText(status))
      : `was held until ${status.supersededBy} was published: nobody has to decide any more`
  return `${formatRunId(status)} (${status.period}) ${sentence}${verdict}.`
}

/** One that was to go less far than to the verdict says how far. */
function dryRunText({ verdict, stages }: RunStatus): string {
  const last = stages.at(-1)
  return verdict === null && last ? `a dry run until ${last.stage}` : 'a dry run'
}

export function segmentTable(segments: readonly SegmentSummary[]): readonly string[] {
  return textTable(
    [
      { title: 'Segment' },
      { title: 'Customers', align: 'right' },
      { title: 'Share', align: 'right' },
      { title: 'Key' },
    ],
    segments.map(({ name, customers, share, segmentKey }) => [
      name,
      formatCount(customers),
      formatShare(share),
      segmentKey,
    ]),
  )
}

export function checkTable({ checks, moved }: Pick<RunStatus, 'checks' | 'moved'>): readonly string[] {
  // On a first run half of the gates have nothing to say, and one line says it.
  const waiting = moved === null ? checks.filter(({ outcome }) => outcome === 'not-computable') : []
  const told = waiting.length > 1 ? checks.filter((check) => !waiting.includes(check)) : checks
  const rows = told.map((check) => {
    const [gate, outcome, value] = gateRow(check, moved)
    return [gate, value, outcome]
  })
  return textTable(
    [{ title: 'Check' }, { title: 'Value', align: 'right' }, { title: 'Outcome' }],
    told === checks ? rows : [...rows, [`${waiting.length} others`, '–', NOTHING_TO_COMPARE]],
  )
}

/** Who moved and why, with an empty line above; nothing when nobody did, or there was nothing to move from. */
export function moveBlock(run: Pick<RunStatus, 'moves' | 'status' | 'supersededBy'>): readonly string[] {
  const { moves } = run
  const table = moves === null ? [] : moveTable(moves)
  return block(table.length > 0 ? [wasPublished(run) ? 'Who moved and why:' : 'Who would move and why:', ...table] : [])
}

/** Splits, merges, ends and beginnings of segments, with an empty line above; nothing where every segment goes on. */
export function lineageBlock({ lineage = [] }: Pick<RunStatus, 'lineage'>): readonly string[] {
  const texts = lineageTexts(lineage).flatMap((text) => wrapText(text, SCREEN_COLUMNS))
  return block(texts.length > 0 ? ['What became of segments:', ...texts] : [])
}

/** What else there is to say of the comparison, with an empty line above. */
export function remarkBlock({ remarks = [] }: Pick<RunStatus, 'remarks'>): readonly string[] {
  return block(remarks.flatMap((text) => wrapText(text, SCREEN_COLUMNS)))
}

/** That figures are those of a sample, with an empty line above; nothing where they are those of everybody. */
export function sampleBlock({ sample }: Pick<RunStatus, 'sample'>): readonly string[] {
  return block(sample ? wrapText(sampleText(sample), SCREEN_COLUMNS) : [])
}

/** Everything a run's status says, a screen of it. */
export function runReport(status: RunStatus): readonly string[] {
  const { stages, segments, checks, moved, manifestUri, verdict, pages } = status
  return [
    headline(status),
    ...block(stages.map(stageLine)),
    ...block(status.refit ? [status.refit.text] : []),
    ...sampleBlock(status),
    ...block(segments.length > 0 ? segmentTable(segments) : []),
    ...block(checks.length > 0 ? checkTable(status) : []),
    ...block(verdict === null ? [] : [movedText(moved, status)]),
    ...lineageBlock(status),
    ...moveBlock(status),
    ...remarkBlock(status),
    ...block([
      ...(pages ? [`Comparison ${pages.html}`] : []),
      ...(manifestUri === null ? [] : [`Files      ${manifestUri}`]),
      `Workflow   ${status.workflowId}`,
      `Temporal   run ${status.temporalRunId}`,
    ]),
  ]
}

/** Lines with an empty one above; none when there are none. */
export function block(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}
