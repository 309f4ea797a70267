import type { RunState, RunStatus, SegmentSummary } from '../run/run-status.ts'
import { formatRunId } from '../run/run-key.ts'
import { countOf, formatCount, formatShare } from './figures.ts'
import { stageLine } from './stage-line.ts'
import { textTable } from './text-table.ts'
import { outcomeText, verdictText } from './verdict-text.ts'

const stateSentences: Readonly<Record<RunState, string>> = {
  running: 'is running',
  published: 'is published',
  held: 'is held: a person has to decide',
  rejected: 'was rejected: what was live stays live',
  failed: 'failed: what was live stays live',
  cancelled: 'was cancelled: what was live stays live',
  superseded: 'was published; a later run is live now',
  rolled_back: 'was published and rolled back',
  dry_run: 'was a dry run: nothing was written for consumers',
}

/** `shop@2026-10-01~1 (2026-Q3) is published; verdict: warn.` */
export function headline(status: RunStatus): string {
  const { moved } = status
  const verdict = status.verdict === null ? '' : `; verdict: ${verdictText({ verdict: status.verdict, moved })}`
  return `${formatRunId(status)} (${status.period}) ${stateSentences[status.status]}${verdict}.`
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
  return textTable(
    [{ title: 'Check' }, { title: 'Value', align: 'right' }, { title: 'Outcome' }],
    checks.map(({ gate, value, outcome }) => [
      gate,
      value === null ? '–' : formatShare(value),
      outcomeText(outcome, moved),
    ]),
  )
}

/** `412 customers changed their segment.` */
export function movedLine(moved: number | null): string {
  if (moved === null) return 'First run: there was nothing to compare with.'
  return moved === 0 ? 'No customer changed segment.' : `${countOf(moved, 'customer')} changed segment.`
}

/** Everything a run's status says, a screen of it. */
export function runReport(status: RunStatus): readonly string[] {
  const { stages, segments, checks, moved, manifestUri, verdict } = status
  return [
    headline(status),
    ...block(stages.map(stageLine)),
    ...block(segments.length > 0 ? segmentTable(segments) : []),
    ...block(checks.length > 0 ? checkTable(status) : []),
    ...block(verdict === null ? [] : [movedLine(moved)]),
    ...block([
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
