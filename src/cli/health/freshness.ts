import type { Environment } from '../../config/environment.ts'
import { lastPeriodEnd } from '../../plan/period.ts'
import type { Definition } from '../../plan/definition.ts'
import type { PipelineStanding } from '../../ports/warehouse-reader.ts'
import type { HealthCheck } from '../../report/health-report.ts'
import { targetOption } from '../../run/target-option.ts'
import { openWarehouseReader } from '../../wiring/warehouse.ts'
import { warehouseOf } from '../find-definition.ts'
import { look, ok, problem, warning } from './look.ts'

/** A period that ended is waited for so long, where no run has said when it is stale. */
const GRACE_MS = 24 * 60 * 60 * 1000

/** @param isFatal what is stale is a problem, for those who watch by exit codes */
export function lookAtFreshness(
  environment: Environment,
  definition: Definition,
  isFatal: boolean,
): Promise<readonly HealthCheck[]> {
  const { pipeline } = definition.pipeline
  const name = `freshness of ${pipeline}`
  return look(name, async () => {
    const reader = openWarehouseReader(environment, warehouseOf(definition))
    try {
      const standing = (await reader.standings()).find((one) => one.pipeline === pipeline)
      // A warehouse without this pipeline is as fresh as one can be that was never asked for.
      const stale = whyStale(definition, standing, Date.now())
      if (!stale) return [ok(name, standing?.asOf ? `live as of ${standing.asOf}` : 'nothing is expected of it yet')]
      const tell = isFatal ? problem : warning
      const remedy = `See resegment runs ${pipeline}; then: resegment run ${pipeline}${targetOption(definition.targetName)}`
      return [tell(name, stale, remedy)]
    } finally {
      await reader.close()
    }
  })
}

/** As a sentence; null: it is fresh, or nobody says when it is not. */
export function whyStale(
  { pipeline }: Pick<Definition, 'pipeline'>,
  standing: Pick<PipelineStanding, 'asOf' | 'staleAfter'> | undefined,
  nowMs: number,
): string | null {
  const asOf = standing?.asOf ?? null
  const staleAfter = standing?.staleAfter ?? null
  if (staleAfter !== null)
    return Date.parse(staleAfter) < nowMs ? `live as of ${asOf}, and stale since ${staleAfter}` : null
  if (!pipeline.schedule) return null
  const due = lastPeriodEnd(pipeline, new Date(nowMs - GRACE_MS).toISOString())
  if (asOf === null) return `nothing is published, though a period ended at ${due}`
  return Date.parse(asOf) < Date.parse(due) ? `live as of ${asOf}, though a period ended at ${due}` : null
}
