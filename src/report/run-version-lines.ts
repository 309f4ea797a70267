import {
  formatWorkerVersion,
  type MissingWorkers,
  noWorker,
  type RunVersion,
  workerCommand,
} from '../run/worker-version.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

export interface VersionedRun {
  readonly workflowId: string
  /** Null: workers without a version. */
  readonly version: RunVersion | null
  /** Null: no worker answers. */
  readonly status: unknown
  /** Null: it has not ended. */
  readonly end: unknown
  /** What it waits for. */
  readonly missing: readonly MissingWorkers[]
}

/** `No worker of version shop:v2 serves resegment-workflow now; runs wait until one does: resegment worker …` */
export function missingWorkerLine(missing: MissingWorkers, targetName: string): string {
  return `${noWorker(missing)} serves ${missing.queue} now; runs wait until one does: ${workerCommand(missing.version, targetName)}`
}

/** Which version works on a run, and what to do when none of its workers is there; nothing of a run that is served by workers without one. */
export function runVersionLines(run: VersionedRun, targetName: string): readonly string[] {
  const { workflowId, version, status, end, missing } = run
  const waits = end === null && status === null
  if (version?.isPinned && waits)
    return [
      ...wrapText(
        `Workers: version ${formatWorkerVersion(version)}, and no worker of it answers: the run waits for one (${workerCommand(version, targetName)}). Or let the current version take it on:`,
        SCREEN_COLUMNS,
      ),
      `  temporal workflow update-options --workflow-id "${workflowId}" --versioning-override-behavior auto_upgrade`,
    ]
  const stays = version?.isPinned ? 'it ends there' : 'it goes on with whichever is current'
  return [
    ...(version ? [`Workers: version ${formatWorkerVersion(version)}${end === null ? `; ${stays}` : ''}.`] : []),
    ...missing.flatMap((one) => wrapText(missingWorkerLine(one, targetName), SCREEN_COLUMNS)),
  ]
}
