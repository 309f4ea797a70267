import { WorkflowNotFoundError } from '@temporalio/client'
import { RunNotFound } from '../errors/run-not-found.ts'
import { taskQueuesOf, workflowIdOf } from '../plan/target-names.ts'
import { parseDryRunId } from '../run/dry-run-id.ts'
import { parseRunId } from '../run/run-key.ts'
import { WORKFLOW_TYPE } from '../workflows/messages.ts'
import { searchAttributes } from '../run/search-attributes.ts'
import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'

/**
 * Finds a run by what people type: `shop@2026-10-01~2`, `shop@2026-10-01` (its newest revision), `shop@2026-10-01~2-dry`, or a Workflow Id. Scheduled runs have
 * ids of their own and are found by their search attribute.
 *
 * @returns the Workflow Id
 * @throws RunNotFound
 */
export async function findRun(access: TemporalAccess, targetName: string, text: string): Promise<string> {
  try {
    const name = parseRunId(text)
    if (!name) {
      const dry = parseDryRunId(text)
      const workflowId = dry ? workflowIdOf(targetName, dry, dry.options) : text
      if (await exists(access, workflowId)) return workflowId
    } else if (name.revision === undefined) {
      const newest = (await listRuns(access, targetName, `STARTS_WITH "${name.runKey}~"`)).sort(byRevision).at(-1)
      if (newest && (await exists(access, newest.workflowId))) return newest.workflowId
      const first = workflowIdOf(targetName, { runKey: name.runKey, revision: 1 })
      if (await exists(access, first)) return first
    } else {
      const expected = workflowIdOf(targetName, { runKey: name.runKey, revision: name.revision })
      const there = await runNamed(access, expected)
      if (there === text || there === null) return expected
      // Started like another in the UI, a later revision may have taken this one's id.
      const runs = await listRuns(access, targetName, `= "${text}"`)
      const elsewhere = runs.find(({ workflowId }) => workflowId !== expected)
      if (elsewhere && (await exists(access, elsewhere.workflowId))) return elsewhere.workflowId
    }
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
  throw new RunNotFound(
    `Temporal knows no run ${text} of target ${targetName}.`,
    'See `resegment runs` for what there is; a history that has expired can only be rerun: `resegment run PIPELINE --as-of D --revision next`.',
  )
}

interface FoundRun {
  readonly workflowId: string
  readonly run: string
}

/** What was reset may still be listed when the execution that came of it is forgotten: no history is behind its Workflow Id. */
async function listRuns({ client }: TemporalAccess, targetName: string, condition: string): Promise<FoundRun[]> {
  const query = `${searchAttributes.run.name} ${condition} AND WorkflowType = "${WORKFLOW_TYPE}" AND TaskQueue = "${taskQueuesOf(targetName).workflow}"`
  const found: FoundRun[] = []
  for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query })) {
    const run = typedSearchAttributes.get(searchAttributes.run)
    if (run !== undefined && parseRunId(run)) found.push({ workflowId, run })
  }
  return found
}

function byRevision(a: FoundRun, b: FoundRun): number {
  return (parseRunId(a.run)?.revision ?? 0) - (parseRunId(b.run)?.revision ?? 0)
}

async function exists(access: TemporalAccess, workflowId: string): Promise<boolean> {
  return (await runNamed(access, workflowId)) !== undefined
}

/** Which run a workflow is. @returns null where it does not say, undefined where there is none */
async function runNamed({ client }: TemporalAccess, workflowId: string): Promise<string | null | undefined> {
  try {
    const { typedSearchAttributes } = await client.workflow.getHandle(workflowId).describe()
    return typedSearchAttributes.get(searchAttributes.run) ?? null
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined
    throw error
  }
}
