import type { Definition } from '../plan/definition.ts'
import { digestOf } from '../plan/digest.ts'
import { runKeyOf } from '../plan/period.ts'
import { planRun } from '../plan/plan-run.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Publication, PublishedPlan } from '../ports/destination.ts'
import { formatRunId } from '../run/run-key.ts'
import { compileAdoptedRows, toAdoptedValidation, type AdoptedSegments } from '../stages/validate/adopted.ts'
import { holdoutOf } from '../stages/validate/holdout-sql.ts'
import { CUSTOMER_ORDER } from '../stages/validate/sql.ts'

/** @param asOf ISO 8601, UTC */
export function planAdoption(definition: Definition, asOf: string, codeVersion: string): PublishedPlan {
  const plan = planRun({ definition, asOf, revision: 1, workflowId: '', codeVersion })
  const runKey = runKeyOf(definition.pipeline, asOf, 'adopted')
  return { ...plan, kind: 'adopted', runKey, workflowId: `adopt/${formatRunId({ runKey, revision: 1 })}` }
}

/**
 * Needs table `adopted`.
 *
 * @param path of the Parquet file that is written
 */
export async function toPublication(
  session: ComputeSession,
  plan: PublishedPlan,
  found: AdoptedSegments,
  path: string,
): Promise<Publication> {
  await session.createTable('adopted_keys', {
    rowCount: found.segments.length,
    columns: {
      segment: found.segments.map(({ name }) => name),
      segment_key: found.segments.map(({ segmentKey }) => segmentKey),
    },
  })
  const holdout = holdoutOf(plan.definition.pipeline)
  const { rows } = await session.writeParquet(compileAdoptedRows(holdout), CUSTOMER_ORDER, path)
  return {
    plan,
    validation: toAdoptedValidation(found, rows.rowCount),
    digest: digestOf({ segments: found.segments, rows }),
    rowFiles: [path],
    lostFiles: [],
    temporalRunId: '',
    manifestUri: null,
    stages: [],
  }
}
