import { CancellationScope, CancelledFailure, isCancellation, workflowInfo } from '@temporalio/workflow'
import type { Activities, PlannedRun } from '../activities/activities.ts'
import type { HoldEnd, Successor, TakenDecision } from '../run/decision.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { RunState } from '../run/run-status.ts'
import type { RunOccasion } from '../run/run-occasion.ts'
import { inShards } from './in-shards.ts'
import type { LastWord } from './last-word.ts'
import type { RunJournal } from './run-journal.ts'
import { describeFailure, failureText, type StageFailure, type StepName, toRunFailure } from './stage-failure.ts'

/** Events between two looks at the history when one activity is scheduled, starts and ends in between, and those that a reset adds. */
const EVENTS_OF_ONE_ACTIVITY = 6
const EVENTS_OF_A_RESET = 3

/** Runs the steps of a run, and keeps its `runs` row true at every edge. */
export class RunSteps {
  private plan: RunPlan | undefined
  decision: TakenDecision | undefined
  private successor: Successor | undefined
  private readonly journal: RunJournal
  private readonly io: Pick<Activities, 'recordRun'>
  private readonly lastWord: LastWord

  constructor(journal: RunJournal, io: Pick<Activities, 'recordRun'>, lastWord: LastWord) {
    this.journal = journal
    this.io = io
    this.lastWord = lastWord
  }

  /** Runs one step; a failure ends the run with a message that says where to go on. */
  async step<T>(name: StepName, body: () => Promise<T>): Promise<T> {
    for (;;) {
      this.journal.enter(name)
      try {
        return await body()
      } catch (error) {
        if (isCancellation(error)) throw error
        // Of a cancelled activity the server retries no failure: it must not pass for the run's own.
        if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('The run was cancelled.')
        const context = this.journal.failureContext()
        const failure = describeFailure(error, context)
        this.journal.failed(failure)
        const text = failureText(failure, context)
        if (await this.wasReset(() => this.recordFailure(failure, text))) continue
        throw toRunFailure(failure, context, this.journal.ended('failed'))
      }
    }
  }

  /** The part of a step that is one activity a shard. */
  async inShards(shardCount: number, activity: (shard: number) => Promise<void>): Promise<void> {
    await inShards(shardCount, activity)
    this.journal.gathered()
  }

  async planned({ earlierStages = [], ...plan }: PlannedRun): Promise<RunPlan> {
    this.plan = plan
    this.journal.planned(plan, earlierStages)
    await this.record('running')
    return plan
  }

  holdEnded(end: HoldEnd): void {
    if (end.how === 'decided') this.decision = end.decision
    else this.journal.superseded((this.successor = end.by))
  }

  remind(waited: string): Promise<void> {
    return this.lastWord.remind(this.plan!, waited)
  }

  /** Has people told, where they want it. */
  async tell(occasion: RunOccasion): Promise<void> {
    await this.lastWord.tell(occasion)
  }

  /** Nothing of a dry run is recorded. */
  async record(state: RunState): Promise<void> {
    const { plan, decision, successor, journal } = this
    if (!plan || plan.options.dryRun) return
    const status = { ...journal.status, status: state }
    await this.io.recordRun(plan, { state, status, failure: null, decision, successor })
  }

  /** Runs the whole of a run; a cancelled one is recorded as such. */
  async untilCancelled<T>(body: () => Promise<T>): Promise<T> {
    try {
      return await body()
    } catch (error) {
      if (isCancellation(error))
        await CancellationScope.nonCancellable(async () => {
          await this.lastWord.record(this.plan, 'cancelled', null, this.decision)
          this.journal.ended('cancelled')
        })
      throw error
    }
  }

  private async recordFailure(failure: StageFailure, text: string): Promise<number> {
    const recorded = await this.lastWord.record(this.plan, 'failed', text, this.decision)
    return recorded + (await this.lastWord.tell({ kind: 'failed', failure }))
  }

  /**
   * Best effort for people who reset to the *last* workflow task, which by itself repeats the failure: the history is then longer than the
   * last activities make it. Never the run id: a replay has another one. A worker that died in between looks the same, and costs one more attempt.
   */
  private async wasReset(lastActivities: () => Promise<number>): Promise<boolean> {
    const before = workflowInfo().historyLength
    const count = await lastActivities()
    const added = workflowInfo().historyLength - before
    return count > 0 && added >= count * EVENTS_OF_ONE_ACTIVITY + EVENTS_OF_A_RESET
  }
}
