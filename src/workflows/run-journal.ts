import { setCurrentDetails, workflowInfo } from '@temporalio/workflow'
import type { StageOutput, ValidationOutput } from '../activities/activities.ts'
import type { RunInput, RunPlan } from '../plan/run-plan.ts'
import { formatDryRunId } from '../run/dry-run-id.ts'
import type { Successor } from '../run/decision.ts'
import type { LiveModelOutcome, RunState, RunStatus } from '../run/run-status.ts'
import type { EarlierStages } from '../run/stage-durations.ts'
import { toStatusCheck } from '../run/verdict.ts'
import { firstStatus } from './first-status.ts'
import { RunAttributes } from './run-attributes.ts'
import { type PageContent, renderRunPage } from './run-page.ts'
import { failureContextOf, type FailureContext, type StageFailure, type StepName } from './stage-failure.ts'

const noNotice = { heldDigest: undefined, failure: undefined }

/** What the run has done so far: the answer of the query, the page in the UI, the search attributes. */
export class RunJournal {
  status: RunStatus
  /** What the run was started with; from its plan on, with the definition that it goes by. */
  input: RunInput
  private step: StepName | undefined
  private resetEventId = 0
  private enteredMs = 0
  private gatheredMs = 0
  private earlier: EarlierStages = []
  private notice: Pick<PageContent, 'heldDigest' | 'failure'> = noNotice
  private readonly attributes = new RunAttributes()

  constructor(input: RunInput) {
    this.input = input
    this.status = firstStatus(input)
  }

  /** Called right before the step's first activity is scheduled: only there is the next event the one to reset to. */
  enter(step: StepName): void {
    this.step = step
    this.notice = noNotice
    this.resetEventId = workflowInfo().historyLength + 1
    this.enteredMs = this.gatheredMs = Date.now()
    if (step !== 'plan' && step !== 'hold') this.attributes.set({ stage: step })
    this.change({ status: 'running' })
  }

  planned({ runKey, revision, period, asOf, pipeline, options, definition }: RunPlan, earlier: EarlierStages): void {
    this.earlier = earlier
    this.input = { ...this.input, definition }
    this.status = { ...this.status, runKey, revision, period, asOf }
    const run = formatDryRunId({ runKey, revision }, options)
    this.attributes.set({ outcome: null, pipeline, run, asOf, stage: 'extract' })
    this.change({})
  }

  /** All shards of the step are done. */
  gathered(): void {
    this.gatheredMs = Date.now()
  }

  /**
   * A stage's seconds are those of its shards, waiting included, and of its last activity as that one measured itself. The clock does not
   * tell: the task that hears of the last activity is the one that a reset repeats, however long after.
   * @returns whether the run was asked to go no further
   */
  finished(output: Partial<StageOutput> & Omit<StageOutput, 'ref'>): boolean {
    const { ref, counts, seconds: lastSeconds, refit, sample } = output
    const stages = this.status.stages.filter(({ stage }) => stage !== counts.stage)
    const seconds = Math.round(this.gatheredMs - this.enteredMs + 1000 * lastSeconds) / 1000
    if (ref) this.status = { ...this.status, artifacts: { ...this.status.artifacts, [counts.stage]: ref.uri } }
    this.change({ stages: [...stages, { ...counts, seconds }], ...(refit && { refit }), ...(sample && { sample }) })
    return this.input.options?.until === counts.stage
  }

  validated({ checks, ...output }: ValidationOutput): void {
    const { verdict, moved, moves, lineage, remarks, segments, pages } = output
    this.finished(output)
    this.change({ ...{ verdict, moved, moves, lineage, remarks, pages, segments }, checks: checks.map(toStatusCheck) })
  }

  held(heldDigest: string, byLiveModel: LiveModelOutcome | null): void {
    this.notice = { ...noNotice, heldDigest }
    const hold = { since: instantNow(), remindedAt: [] }
    this.change({ status: 'held', hold, ...(byLiveModel && { byLiveModel }) })
  }

  reminded(): void {
    const { hold } = this.status
    if (hold) this.change({ hold: { ...hold, remindedAt: [...hold.remindedAt, instantNow()] } })
  }

  superseded({ runId }: Successor): void {
    this.notice = noNotice
    this.change({ supersededBy: runId })
  }

  failed(failure: StageFailure): void {
    this.notice = { ...noNotice, failure: { ...failure, callWhom: this.failureContext().callWhom } }
    this.change({ status: 'failed' })
  }

  ended(status: RunState, facts: Partial<RunStatus> = {}): RunStatus {
    this.attributes.set({ outcome: status })
    this.change({ ...facts, status })
    return this.status
  }

  failureContext(): FailureContext {
    return failureContextOf(this.input.definition, this.status, this.step ?? 'plan', this.resetEventId)
  }

  private change(facts: Partial<RunStatus>): void {
    this.status = { ...this.status, ...facts }
    const { targetName, pipeline } = this.input.definition
    const page = { status: this.status, targetName, approval: pipeline.validate.approval, step: this.step }
    setCurrentDetails(renderRunPage({ ...page, ...this.notice, earlier: this.earlier }))
  }
}

/** Temporal's clock, which a replay repeats. */
function instantNow(): string {
  return new Date(Date.now()).toISOString()
}
