import { readFile } from 'node:fs/promises'
import type { WorkerOptions } from '@temporalio/worker'
import { HAS_VERSION } from '../run/worker-version.ts'

type WorkflowBundle = NonNullable<WorkerOptions['workflowBundle']>

/**
 * The same workflows, who know that their worker has a version. They have to: the server takes no word about versions from a worker without
 * one, and nothing in a history tells, since a workflow may go from workers with versions to workers without and back.
 */
export async function versionedBundle(bundle: WorkflowBundle): Promise<WorkflowBundle> {
  // On its first line, so that the lines of the source map stay.
  return { code: `var ${HAS_VERSION} = true;${await codeOf(bundle)}` }
}

export function codeOf(bundle: WorkflowBundle): Promise<string> | string {
  return 'code' in bundle ? bundle.code : readFile(bundle.codePath, 'utf8')
}
