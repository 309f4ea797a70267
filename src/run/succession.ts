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
        'Choose a later as-of: a rerun of this one would be refused again, since what is live is never replaced by an older view. Or put it into the history alone: resegment run … --historical.',
    }
  if (age === 0 && run.runKey === live.runKey && run.revision < live.revision)
    return {
      what: `${formatRunId(run)} is an older revision than ${formatRunId(live)}, which is live and looks from the same instant.`,
      remedy: 'Start the next revision: what is live is never replaced by an older one.',
    }
  return undefined
}

/**
 * Why a run does not fill in the past: that needs a newer publication which is live.
 *
 * @returns undefined when it does
 */
export function refuseHistorical(
  run: DatedRun,
  live: DatedRun | undefined,
): { what: string; remedy: string } | undefined {
  if (live && Date.parse(run.asOf) < Date.parse(live.asOf)) return undefined
  return {
    what: live
      ? `${formatRunId(run)} looks from ${run.asOf}, which does not lie before ${formatRunId(live)}, which is live and looks from ${live.asOf}.`
      : `${formatRunId(run)} was to fill in the past, but its pipeline has published nothing.`,
    remedy: 'Leave out --historical: it becomes what is live.',
  }
}

/** Whether an open run has nothing to do any more once another one is published. What is filled in overtakes its own revisions alone. */
export function isOvertaken(
  run: DatedRun & { readonly isHistorical?: boolean },
  published: DatedRun & { readonly isHistorical?: boolean },
): boolean {
  if (run.isHistorical || published.isHistorical)
    return run.runKey === published.runKey && run.revision < published.revision
  return refuseOlder(run, published) !== undefined
}
