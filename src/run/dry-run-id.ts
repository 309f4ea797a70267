import { formatRunId, parseRunId, type RunIdentity } from './run-key.ts'
import { dryStageNames, type DryStageName } from './stage.ts'

const DRY_RUN_ID = new RegExp(
  `^(?<run>.+?)-dry(?:-(?<until>${dryStageNames.join('|')}))?(?:-sample-(?<sample>[1-9]\\d*))?$`,
)

/** What makes one dry run another one than the next. */
export interface DryRunOptions {
  readonly dryRun?: boolean
  readonly until?: DryStageName
  readonly sample?: number
}

/** A dry run beside the run itself, by how far it goes and of how many: `shop@2026-10-01~2-dry`, `…-dry-features`, `…-dry-sample-5000`. */
export function formatDryRunId(identity: RunIdentity, { dryRun = false, until, sample }: DryRunOptions): string {
  const id = formatRunId(identity)
  if (!dryRun) return id
  return `${id}-dry${until === undefined ? '' : `-${until}`}${sample === undefined ? '' : `-sample-${sample}`}`
}

/** @returns undefined when the text names no dry run */
export function parseDryRunId(
  text: string,
): (RunIdentity & { readonly pipeline: string; readonly options: DryRunOptions }) | undefined {
  const match = DRY_RUN_ID.exec(text)
  if (!match?.groups) return undefined
  const { sample } = match.groups
  const run = parseRunId(match.groups.run!)
  const until = dryStageNames.find((stage) => stage === match.groups!.until)
  if (run?.revision === undefined) return undefined
  const { pipeline, runKey, revision } = run
  const options = { dryRun: true, ...(until && { until }), ...(sample !== undefined && { sample: Number(sample) }) }
  return { pipeline, runKey, revision, options }
}
