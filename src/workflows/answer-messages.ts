import { currentUpdateInfo, setHandler } from '@temporalio/workflow'
import type { Approval } from './approval.ts'
import { awaitedQuery, decideUpdate, statusQuery, supersededSignal } from './messages.ts'
import type { RunJournal } from './run-journal.ts'

/** Answers whatever is asked and told of a run, from its first task on. */
export function answerMessages(journal: RunJournal, approval: Approval): void {
  setHandler(statusQuery, () => journal.status, { description: 'Where the run stands.' })
  setHandler(awaitedQuery, () => approval.awaited ?? null, { description: 'Digest that a decision must name.' })
  setHandler(decideUpdate, (decision) => approval.decide(decision, currentUpdateInfo()?.id ?? null), {
    validator: (decision) => approval.check(decision),
    description: 'Decides a held run: { decision: approve | reject | useLiveModel, digest, reason, by }.',
  })
  setHandler(supersededSignal, (by) => approval.supersede(by), {
    description: 'Sent by a publication that overtakes the run: a held one waits no longer.',
  })
}
