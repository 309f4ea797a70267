import { formatCount } from '../run/figures.ts'
import { formatRunId, type RunIdentity } from '../run/run-key.ts'

export interface RolledBack {
  readonly run: RunIdentity
  readonly undone: readonly RunIdentity[]
  readonly customers: number
  readonly moved: number
  readonly written: boolean
  readonly latestNamed: boolean
}

/** What a rollback did, and what follows of it. */
export function rollbackLines(pipeline: string, report: RolledBack): readonly string[] {
  const { run, undone, customers, moved, written, latestNamed } = report
  const name = formatRunId(run)
  const files = latestNamed ? [] : [`${name} has no files: latest.json still names another run.`]
  if (!written) return [`${name} is live already: nothing was changed.`, ...files]
  return [
    `Consumers see ${name} again: ${formatCount(customers)} customers, ${formatCount(moved)} of them or of those that are gone elsewhere than before.`,
    ...(undone.length === 0 ? [] : [`Rolled back: ${undone.map(formatRunId).join(', ')}.`]),
    ...files,
    `The next run is compared with it. To publish the same as-of again: resegment run ${pipeline} --as-of … --revision next`,
  ]
}
