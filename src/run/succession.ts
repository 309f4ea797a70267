import { formatRunId, type RunIdentity } from './run-key.ts'

/** A run as it lies in time. */
export interface DatedRun extends RunIdentity {
  /** ISO 8601, UTC. */
  readonly asOf: string
}

/**
 * Why a run may not take the place of the live one: consumers never go back in time.
 *
 * @returns undefined when it may
 */
export function refuseOlder(run: DatedRun, live: DatedRun | undefined): { what: string; remedy: string } | undefined {
  if (!live) return undefined
  const age = Date.parse(run.asOf) - Date.parse(live.asOf)
  if (age < 0)
    return {
      what: `${formatRunId(run)} looks from ${run.asOf}; ${formatRunId(live)}, which is live, looks from ${live.asOf}.`,
      remedy:
        'Choose a later as-of: a rerun of this one would be refused again, since what is live is never replaced by an older view.',
    }
  if (age === 0 && run.runKey === live.runKey && run.revision < live.revision)
    return {
      what: `${formatRunId(run)} is an older revision than ${formatRunId(live)}, which is live and looks from the same instant.`,
      remedy: 'Start the next revision: what is live is never replaced by an older one.',
    }
  return undefined
}
