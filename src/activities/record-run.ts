import { keptDefinition } from '../plan/kept-definition.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { Activities, RunEdge } from './activities.ts'
import type { RunEvent } from '../ports/ledger.ts'
import type { Services } from '../ports/services.ts'
import { type Successor, takenAs, type TakenDecision } from '../run/decision.ts'
import type { GateCheck } from '../run/verdict.ts'
import type { Validation } from '../stages/validate/validation.ts'
import { recordActs } from './acts-on-run.ts'
import { attempt } from './attempt.ts'
import { readDocument } from './read-document.ts'
import { seenIdentity } from './seen-identity.ts'
import { warnOfSlowStages } from './slow-stages.ts'

/** Keeps the `runs` row true at every edge of a run. A dry run leaves no trace. */
export function makeRecordRunActivities(services: Services): Pick<Activities, 'recordRun'> {
  return {
    recordRun: (plan, edge) =>
      attempt(services, plan.definition, async () => {
        if (plan.options.dryRun) return
        const checks = await checksOf(services, plan, edge)
        const ledger = services.ledger(plan.definition)
        await ledger.recordRun(
          {
            pipeline: plan.pipeline,
            runKey: plan.runKey,
            revision: plan.revision,
            kind: plan.kind,
            period: plan.period,
            asOf: plan.asOf,
            state: edge.state,
            definitionHash: plan.definitionHash,
            definition: keptDefinition(plan.definition),
            seed: plan.definition.pipeline.cluster.seed,
            codeVersion: plan.codeVersion,
            workflowId: plan.workflowId,
            temporalRunId: edge.status.temporalRunId,
            status: edge.status,
            failure: edge.failure,
            isHistorical: plan.options.historical === true,
            ...(checks && { checks }),
          },
          await eventOfEdge(edge),
        )
        await recordActs(ledger, plan)
        if (edge.state === 'held') await warnOfSlowStages(ledger, plan, edge.status.stages)
      }),
  }
}

/** All that gates saw is in the candidate, and too much for Temporal. Without the store the status is told: it is the run's last word. */
async function checksOf(services: Services, plan: RunPlan, { status }: RunEdge): Promise<readonly GateCheck[] | null> {
  const uri = status.artifacts.validate
  if (uri === undefined || status.checks.length === 0) return null
  try {
    const store = services.store(plan.definition)
    const manifest = await store.readManifest(uri, 'manifest')
    return manifest ? (await readDocument<Validation>(store, uri, manifest.files, 'validation')).checks : null
  } catch {
    return null
  }
}

/** A person's decision, as the `run_events` view shows it. */
export async function eventOf(taken: TakenDecision): Promise<RunEvent> {
  const { decision, by, reason } = taken
  return { event: takenAs[decision], by, reason, identity: await seenIdentity(taken) }
}

async function eventOfEdge({ decision, successor }: RunEdge): Promise<RunEvent | undefined> {
  if (decision) return eventOf(decision)
  return successor && overtakenBy(successor)
}

function overtakenBy({ runId, asOf }: Successor): RunEvent {
  return { event: 'superseded', by: runId, reason: `${runId}, which looks from ${asOf}, was published.` }
}
