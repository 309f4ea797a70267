import type { ExpectedRun } from '../run/expected-run.ts'
import { formatInstant } from '../run/figures.ts'
import { formatRunId } from '../run/run-key.ts'
import { textTable } from './text-table.ts'

/** Runs that were due and did not come out. */
export function missedRuns(runs: readonly ExpectedRun[]): readonly string[] {
  if (runs.length === 0) return ['Every run that was due is published.']
  return textTable(
    [{ title: 'Run' }, { title: 'Period' }, { title: 'Due' }, { title: 'Deadline' }, { title: 'State' }],
    runs.map(({ runKey, revision, period, dueAt, deadline, state, isOverdue, overtakenBy }) => [
      revision === null ? runKey : formatRunId({ runKey, revision }),
      period,
      formatInstant(dueAt),
      formatInstant(deadline),
      `${state}${isOverdue ? ', overdue' : ''}${overtakenBy === null ? '' : `, overtaken by ${overtakenBy}`}`,
    ]),
  )
}
