import type { RecordedKind } from './run-kind.ts'

/** What the key of a score run has at its end: it never is the run that forms the segments of the same instant. */
const OF_SCORE = '.score'
/** What the key of adopted segments has at its end: the first run of the same instant is another one. */
const OF_ADOPTED = '.adopted'

/** Names one run of a pipeline: `shop@2026-10-01` (the as-of date in the pipeline's zone), revision 1, 2, …; `shop@2026-10-02.score`. */
export interface RunIdentity {
  readonly runKey: string
  readonly revision: number
}

/** @param day `2026-10-01`, with a time where the as-of is not the start of a day */
export function formatRunKey(pipeline: string, day: string, kind: RecordedKind): string {
  return `${pipeline}@${day}${{ refit: '', score: OF_SCORE, adopted: OF_ADOPTED }[kind]}`
}

export function kindOfRunKey(runKey: string): RecordedKind {
  if (runKey.endsWith(OF_ADOPTED)) return 'adopted'
  return runKey.endsWith(OF_SCORE) ? 'score' : 'refit'
}

/** `shop@2026-10-01~2`: what people type and what Workflow Ids contain. */
export function formatRunId({ runKey, revision }: RunIdentity): string {
  return `${runKey}~${revision}`
}

/**
 * Reads `shop@2026-10-01` (revision 1 … or the newest: the caller decides, hence `undefined`) or `shop@2026-10-01~2`.
 *
 * @returns undefined when the text is not a run id
 */
export function parseRunId(
  text: string,
): { pipeline: string; runKey: string; revision: number | undefined } | undefined {
  const match =
    /^(?<runKey>(?<pipeline>[a-z][a-z0-9_]*)@\d{4}-\d{2}-\d{2}(?:T\d{4,6})?(?:\.score|\.adopted)?)(?:~(?<revision>[1-9]\d*))?$/.exec(
      text,
    )
  if (!match?.groups) return undefined
  const { pipeline, runKey, revision } = match.groups
  return { pipeline: pipeline!, runKey: runKey!, revision: revision === undefined ? undefined : Number(revision) }
}

/**
 * What `resegment run` takes for the same run: `shop --as-of 2026-10-01`, as people write it; the instant itself where the key holds a time.
 *
 * @param asOf ISO 8601, UTC; empty where a run ended before it was known: whoever types the command fills it in
 */
export function runArguments(runKey: string, asOf: string, kind: RecordedKind = kindOfRunKey(runKey)): string {
  const [pipeline, day = asOf] = runKey.replace(OF_SCORE, '').replace(OF_ADOPTED, '').split('@')
  return `${pipeline} --as-of ${day.includes('T') ? asOf : day || 'YYYY-MM-DD'}${kind === 'score' ? ' --score' : ''}`
}
