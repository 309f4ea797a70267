import { parseRunId } from './run-key.ts'
import type { RunState } from './run-status.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export interface StoredObject {
  readonly uri: string
  readonly bytes: number
  /** ISO 8601, UTC. */
  readonly modifiedAt: string
}

/** A run as the warehouse has it. */
export interface RecordedRun {
  readonly runKey: string
  readonly revision: number
  readonly state: RunState
  readonly manifestUri: string | null
  /** ISO 8601; null: it never came out. */
  readonly publishedAt: string | null
}

/** Ages in days, counted from the newest file of what is removed together. */
export interface RetentionDays {
  /** Of published files that no run refers to, and of uploads that nobody finished. */
  readonly orphans: number
  /** Of artifacts of runs that were never published. */
  readonly candidates: number
  readonly dryRuns: number
  /** Of rejected rows as they came, of every run. */
  readonly rejects: number
  /** Of what destinations were told. */
  readonly effects: number
}

export const sweptKinds = ['unpublished', 'candidate', 'dry-run', 'rejects', 'upload'] as const
export type SweptKind = (typeof sweptKinds)[number]

/** Files that go together. */
export interface Sweepable {
  readonly kind: SweptKind
  /** Run id, as in the folder. */
  readonly run: string
  /** In the order in which they go: what makes the others count goes first. */
  readonly uris: readonly string[]
  readonly bytes: number
}

export interface SweepRequest {
  readonly pipeline: string
  /** Under `<prefix><pipeline>/` of the published bucket. */
  readonly published: readonly StoredObject[]
  /** Under `<prefix><pipeline>/` of the artifact store. */
  readonly artifacts: readonly StoredObject[]
  /** Under `<prefix>rejects/<pipeline>/` of the artifact store. */
  readonly rejects: readonly StoredObject[]
  /** Under `<prefix>dry-run/` of the artifact store, of all pipelines. */
  readonly dryRuns: readonly StoredObject[]
  readonly runs: readonly RecordedRun[]
  readonly retention: RetentionDays
  /** ISO 8601, UTC. */
  readonly now: string
}

/**
 * What may go of a pipeline. Stays, whatever its age: every file of a run that is open or was ever published, every manifest that a run
 * refers to with all beside it, and a folder with a manifest whose run the warehouse does not know, which then is the wrong warehouse.
 */
export function planSweep(request: SweepRequest): readonly Sweepable[] {
  const { pipeline, retention, now, runs } = request
  const known = new Map(runs.map((run) => [`${run.runKey}~${run.revision}`, run]))
  const named = new Set(runs.flatMap(({ manifestUri }) => manifestUri ?? []))
  const isOlder = (files: readonly StoredObject[], days: number): boolean =>
    files.every(({ modifiedAt }) => Date.parse(now) - Date.parse(modifiedAt) > days * DAY_MS)

  const unpublished = byRun(request.published, new RegExp(`/${pipeline}/run=([^/]+)/`)).flatMap(([run, files]) => {
    const record = known.get(run)
    const manifest = files.find(({ uri }) => uri.endsWith(`/run=${run}/manifest.json`))
    const isKept =
      (manifest && (!record || named.has(manifest.uri))) || (record && (isOpen(record) || record.publishedAt !== null))
    return isKept || !isOlder(files, retention.orphans) ? [] : [sweepable('unpublished', run, files)]
  })
  const artifacts = byRun(request.artifacts, new RegExp(`/${pipeline}/([^/]+)/`)).flatMap(([run, files]) => {
    const record = known.get(run)
    if (record && isOpen(record)) return []
    const isCandidate = (record?.publishedAt ?? null) === null && isOlder(files, retention.candidates)
    return isCandidate ? [sweepable('candidate', run, files)] : []
  })
  const rejects = byRun(request.rejects, new RegExp(`/rejects/${pipeline}/([^/]+)/`)).flatMap(([run, files]) => {
    const record = known.get(run)
    return (record && isOpen(record)) || !isOlder(files, retention.rejects) ? [] : [sweepable('rejects', run, files)]
  })
  // By execution: a dry run that is repeated has a folder of its own each time.
  const ofDryRun = new RegExp(`^(.*/dry-run/[^/]+/[^/]+)/(?:rejects/)?${pipeline}/`)
  const executions = Map.groupBy(request.dryRuns, ({ uri }) => ofDryRun.exec(uri)?.[1] ?? '')
  executions.delete('')
  const dryRuns = [...executions.values()].flatMap((execution) =>
    byRun(execution, new RegExp(`/${pipeline}/([^/]+)/`)).flatMap(([run, files]) =>
      isOlder(files, retention.dryRuns) ? [sweepable('dry-run', run, files)] : [],
    ),
  )
  return [...unpublished, ...artifacts, ...rejects, ...dryRuns]
}

function isOpen({ state }: RecordedRun): boolean {
  return state === 'running' || state === 'held'
}

/** By folder of a run; what lies in no such folder is not ours. */
function byRun(
  files: readonly StoredObject[],
  folder: RegExp,
): readonly (readonly [run: string, files: readonly StoredObject[]])[] {
  const runs = Map.groupBy(files, ({ uri }) => folder.exec(uri)?.[1] ?? '')
  return [...runs].filter(([run]) => parseRunId(run)?.revision !== undefined)
}

function sweepable(kind: SweptKind, run: string, files: readonly StoredObject[]): Sweepable {
  const isManifest = ({ uri }: StoredObject): boolean => uri.endsWith('.json')
  // A folder without its manifest is none: whoever reads, or computes again, does not go by what is left of it.
  const inOrder = [...files.filter(isManifest), ...files.filter((file) => !isManifest(file))]
  return {
    kind,
    run,
    uris: inOrder.map(({ uri }) => uri),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}
