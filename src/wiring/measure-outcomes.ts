import { type CleanedRun, withCleanRows } from '../activities/clean-rows.ts'
import type { Environment } from '../config/environment.ts'
import type { AssignedCustomer } from '../experiment/assign-customers.ts'
import { layOutMeasured, measuredRelation, type MeasuredSpan } from '../experiment/measured-outcomes.ts'
import { outcomeQuery } from '../experiment/outcome-query.ts'
import type { Outcomes } from '../experiment/outcomes.ts'
import type { Definition } from '../plan/definition.ts'
import { ASSIGNED, createAssigned, outcomesOf } from './read-outcomes.ts'
import { makeServices } from './services.ts'

export interface MeasuredOutcomes {
  readonly definition: Definition
  /** Its clean rows tell what became of the customers. */
  readonly by: CleanedRun
  readonly span: MeasuredSpan
  /** Absent: all that the rows tell. */
  readonly metrics: readonly string[] | undefined
  readonly control: string
  readonly members: readonly AssignedCustomer[]
}

/** Counts what became of the customers of an experiment in the clean rows of a run. @throws WrongUsage, ArtifactMissing, ConnectionFailed */
export async function measureOutcomes(environment: Environment, request: MeasuredOutcomes): Promise<Outcomes> {
  const { definition, by, span, metrics, control, members } = request
  const services = makeServices(environment)
  try {
    return await withCleanRows(services, definition, by, ['transactions', 'touches'], async (session, rows) => {
      const layout = layOutMeasured(rows, metrics)
      await createAssigned(session, members)
      const measured = measuredRelation(ASSIGNED, rows, span, layout)
      return outcomesOf(session, outcomeQuery(measured, layout, ASSIGNED), layout, control)
    })
  } finally {
    await services.close()
  }
}
