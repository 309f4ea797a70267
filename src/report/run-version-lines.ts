import { formatWorkerVersion, type RunVersion } from '../run/worker-version.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

export interface VersionedRun {
  readonly workflowId: string
  readonly version: RunVersion
  /** Null: no worker answers. */
  readonly status: unknown
  /** Null: it has not ended. */
  readonly end: unknown
}

/** Which version works on a run, and what to do when none of its workers is there. */
export function runVersionLines({ workflowId, version, status, end }: VersionedRun): readonly string[] {
  const name = formatWorkerVersion(version)
  if (end !== null) return [`Workers: version ${name}.`]
  const stays = version.isPinned ? 'it ends there' : 'it goes on with whichever is current'
  if (status !== null || !version.isPinned) return [`Workers: version ${name}; ${stays}.`]
  const { deployment, buildId } = version
  const text = `Workers: version ${name}, and no worker of it answers: the run waits for one (resegment worker --deployment ${deployment} --build-id ${buildId}). Or let the current version take it on:`
  return [
    ...wrapText(text, SCREEN_COLUMNS),
    `  temporal workflow update-options --workflow-id "${workflowId}" --versioning-override-behavior auto_upgrade`,
  ]
}
