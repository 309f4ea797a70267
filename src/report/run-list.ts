import { formatCount, formatInstant } from '../run/figures.ts'
import { formatRunId } from '../run/run-key.ts'
import type { RunStatus } from '../run/run-status.ts'
import { shortVerdict } from '../run/verdict-text.ts'
import { textTable } from './text-table.ts'

export type ListedRun = Pick<RunStatus, 'runKey' | 'revision' | 'period' | 'status' | 'verdict' | 'moved'> & {
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** True while consumers see this run. */
  readonly isLive: boolean
}

/** One line a run. */
export function runList(runs: readonly ListedRun[]): readonly string[] {
  if (runs.length === 0) return ['No runs yet.']
  return textTable(
    [
      { title: 'Run' },
      { title: 'Period' },
      { title: 'Status' },
      { title: 'Verdict' },
      { title: 'Moved', align: 'right' },
      { title: 'Started' },
    ],
    runs.map((run) => [
      formatRunId(run),
      run.period,
      run.isLive ? `${run.status}, live` : run.status,
      run.verdict === null ? '–' : shortVerdict({ verdict: run.verdict, moved: run.moved }),
      run.moved === null ? '–' : formatCount(run.moved),
      formatInstant(run.startedAt),
    ]),
  )
}
