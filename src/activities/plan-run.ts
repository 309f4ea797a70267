import { activityInfo, Context } from '@temporalio/activity'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import { RefitIsOpen } from '../errors/refit-is-open.ts'
import { PermissionDenied } from '../errors/permission-denied.ts'
import type { Definition } from '../plan/definition.ts'
import { digestOf } from '../plan/digest.ts'
import type { RunInput, RunPlan } from '../plan/run-plan.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Services } from '../ports/services.ts'
import { checkDefinitionSize } from '../plan/payload-size.ts'
import { lastPeriodEnd, resolveAsOf, runKeyOf } from '../plan/period.ts'
import { planRun } from '../plan/plan-run.ts'
import { formatRunId, kindOfRunKey } from '../run/run-key.ts'
import type { Activities, StartFacts } from './activities.ts'
import { attempt } from './attempt.ts'
import { deployedDefinition } from './deployed-definition.ts'
import { checkOptions } from './check-options.ts'
import { liveModelOf, refuseMisplaced, stateFor } from './compared-state.ts'
import { refuseOtherIds, underPseudonyms } from './customer-ids.ts'
import { earlierStagesOf } from './earlier-stages.ts'
import { liveFeaturesOf } from './live-features.ts'
import { liveModel, scoringModelOf } from './scoring-model.ts'
import { settleRuns } from './settle-runs.ts'

const FOLDER_CHARACTERS = 16

export function makePlanRunActivities(services: Services): Pick<Activities, 'planRun'> {
  return {
    planRun: (started, facts) =>
      attempt(services, started.definition, async () => {
        const input = await currentInput(started)
        checkDefinitionSize(input.definition)
        checkOptions(input.options)
        const asOf = asOfRun(input, facts)
        const pseudonyms = services.pseudonyms(input.definition)
        const asWritten = planRun({
          definition: input.options?.dryRun ? await withOwnArtifacts(services, input, facts) : input.definition,
          asOf,
          revision: await revisionOf(services, input, asOf),
          options: input.options,
          workflowId: facts.workflowId,
          codeVersion: services.codeVersion,
        })
        const plan = underPseudonyms(asWritten, pseudonyms)
        const ledger = services.ledger(plan.definition)
        if (!plan.options.dryRun) await settleOthers(ledger, plan.pipeline)
        // Hours of work and a person's approval would be for nothing.
        const state = await stateFor(ledger, plan)
        refuseMisplaced(plan, state)
        refuseOtherIds(plan, state)
        const planned = await withLiveModel(services, { ...plan, live: await liveModelOf(ledger, plan, state) })
        await scoringModelOf(services, planned)
        if (plan.kind === 'score' && !plan.options.dryRun && !plan.options.historical) await giveWay(ledger, plan)
        return { ...planned, ...(await earlierStagesOf(ledger, planned)) }
      }),
  }
}

/** The next revision is there because something was repaired, perhaps the definition. A numbered one goes by what it was started with. */
async function currentInput(input: RunInput): Promise<RunInput> {
  if (input.revision !== 'next') return input
  return { ...input, definition: await deployedDefinition(Context.current().client.schedule, input) }
}

async function withLiveModel(services: Services, plan: RunPlan): Promise<RunPlan> {
  const liveFeatures = liveFeaturesOf(plan, await liveModel(services, plan))
  return liveFeatures ? { ...plan, liveFeatures } : plan
}

/** What cannot be told of other runs now is told by the next one: it must not stop this one. */
async function settleOthers(ledger: Ledger, pipeline: string): Promise<void> {
  try {
    await settleRuns(Context.current().client.workflow, ledger, pipeline)
  } catch {
    return
  }
}

function asOfRun({ definition, asOf, options }: RunInput, { scheduledStart, likeAsOf }: StartFacts): string {
  if (asOf !== undefined) return resolveAsOf(definition.pipeline, asOf)
  if (scheduledStart !== undefined) return lastPeriodEnd(definition.pipeline, scheduledStart, options?.kind)
  if (likeAsOf !== undefined) return resolveAsOf(definition.pipeline, likeAsOf)
  // Started by hand: nothing here may read the clock, so a person must say.
  throw new ConfigInvalid(
    `The run of pipeline ${definition.pipeline.pipeline} has no asOf and was not started by a schedule.`,
    'Start it with "asOf": "2026-10-01" in its argument.',
  )
}

/** @throws RefitIsOpen: published first, a score run of a later as-of would make the refit an older view that nobody can publish */
async function giveWay(ledger: Ledger, { pipeline }: RunPlan): Promise<void> {
  const refit = (await ledger.openRuns(pipeline)).find(
    ({ runKey, isHistorical }) => kindOfRunKey(runKey) === 'refit' && !isHistorical,
  )
  if (!refit) return
  const run = formatRunId(refit)
  throw new RefitIsOpen(
    `${run} runs or waits for a decision: customers are not placed with a model that it may replace.`,
    `See \`resegment describe ${run}\`, and decide when it is held. Score runs of later days go on by themselves.`,
  )
}

/** `next` is stable under a retry, since nothing is recorded before the plan is fixed in history. */
async function revisionOf(
  services: Services,
  { definition, revision = 1, options }: RunInput,
  asOf: string,
): Promise<number> {
  if (revision !== 'next') {
    if (Number.isInteger(revision) && revision > 0) return revision
    throw new ConfigInvalid(`"revision": ${JSON.stringify(revision)} is no revision.`, 'Write 1, 2, … or "next".')
  }
  return (await services.ledger(definition).newestRevision(runKeyOf(definition.pipeline, asOf, options?.kind))) + 1
}

/**
 * A dry run leaves no revision behind, so it must not leave artifacts that a later run of that revision would take for its own. Every
 * execution has a folder of its own, since a repeated dry run reads its sources again; those of earlier executions of the same Workflow Id,
 * of which never more than one is open, make room for it.
 */
async function withOwnArtifacts(
  services: Services,
  { definition }: RunInput,
  { workflowId }: StartFacts,
): Promise<Definition> {
  const { target } = definition
  const { runId } = activityInfo().workflowExecution!
  const folder = `${target.prefix}dry-run/${digestOf(workflowId).slice(0, FOLDER_CHARACTERS)}/`
  const prefix = `${folder}${runId}/`
  // A store that keeps everything is no reason not to run.
  await services.store(definition).removeArtifacts(folder, prefix).catch(ignorePermission)
  return { ...definition, target: { ...target, prefix } }
}

function ignorePermission(error: unknown): void {
  if (!(error instanceof PermissionDenied)) throw error
}
