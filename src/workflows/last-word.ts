import { CancellationScope, isCancellation } from '@temporalio/workflow'
import type { Activities } from '../activities/activities.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { TakenDecision } from '../run/decision.ts'
import type { RunOccasion } from '../run/run-occasion.ts'
import type { RunJournal } from './run-journal.ts'

/**
 * What is said when a run ends or waits. It gives up soon: a warehouse that is down must neither hide why a run failed nor keep it from being
 * decided.
 */
export class LastWord {
  private readonly journal: RunJournal
  private readonly activities: Pick<Activities, 'recordRun' | 'remind' | 'announce'>

  constructor(journal: RunJournal, activities: LastWord['activities']) {
    this.journal = journal
    this.activities = activities
  }

  /** Nothing of a dry run is recorded. @returns how many activities that took */
  async record(
    plan: RunPlan | undefined,
    state: 'failed' | 'cancelled',
    failure: string | null,
    decision?: TakenDecision,
  ): Promise<number> {
    if (!plan || plan.options.dryRun) return 0
    const edge = { state, status: { ...this.journal.status, status: state }, failure, decision }
    try {
      await CancellationScope.nonCancellable(() => this.activities.recordRun(plan, edge))
    } catch {
      // The run's own failure is what people must see.
    }
    return 1
  }

  /** One that does not get through is one less. */
  async remind(plan: RunPlan, waited: string): Promise<void> {
    await bestEffort(async () => {
      await this.activities.remind(plan, waited)
      this.journal.reminded()
    })
    await this.tell({ kind: 'reminded', waited })
  }

  /** Has people told, where a channel wants it; whoever tries a dry run looks on. @returns how many activities that took */
  async tell(occasion: RunOccasion): Promise<number> {
    const { input, status } = this.journal
    const { definition, options } = input
    if (options?.dryRun || !definition.notify?.some(({ on }) => on.includes(occasion.kind))) return 0
    const told = { ...status, status: occasion.kind === 'reminded' ? 'held' : occasion.kind } as const
    // What is told has happened: a run that is out is not cancelled for that somebody asks for it now.
    await bestEffort(() => CancellationScope.nonCancellable(() => this.activities.announce(definition, told, occasion)))
    return 1
  }
}

async function bestEffort(body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    if (isCancellation(error)) throw error
  }
}
