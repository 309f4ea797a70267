import { ApplicationFailure, condition } from '@temporalio/workflow'
import { type Decision, decisions, type HoldEnd, type Successor } from '../run/decision.ts'
import { millisecondsOf } from '../run/time-span.ts'
import { type ApprovalRules, decideWithoutPeople, type HeldCandidate, remindersOf } from './approval-rules.ts'

/**
 * The wait of a held run: it ends once, by the first of a decision about exactly this candidate, the publication of a later run, and the end
 * of the time. What comes later changes nothing.
 */
export class Approval {
  private held: HeldCandidate | undefined
  private rules: ApprovalRules | undefined
  private successor: Successor | undefined
  private end: HoldEnd | undefined

  /** Undefined while it lasts. */
  get ended(): HoldEnd | undefined {
    return this.end
  }

  get awaited(): string | undefined {
    return this.end === undefined ? this.held?.digest : undefined
  }

  /** Opens the gate for decisions about `held`. A run that was overtaken before is so now. */
  park(held: HeldCandidate, rules: ApprovalRules): void {
    this.held = held
    this.rules = rules
    if (this.successor) this.supersede(this.successor)
  }

  /** Validator of Update `decide`. A reset brings old decisions back through here: they can't approve other data. */
  check(decision: Decision): void {
    if (this.held === undefined) refuse('The run is not held: there is nothing to decide.')
    if (this.end?.how === 'superseded')
      refuse(`The run was superseded by ${this.end.by.runId}: there is nothing to decide any more.`)
    if (this.end) refuse(`The run was decided already, by ${this.end.decision.by}.`)
    if (!decisions.includes(decision?.decision))
      refuse(`Decision "${decision?.decision}" is unknown: ${decisions.map((door) => `"${door}"`).join(', ')}.`)
    const digest = decision.decision === 'useLiveModel' ? this.liveModelDigest() : this.held.digest
    if (decision.digest !== digest)
      refuse(`The decision is about digest ${decision.digest}; the run holds ${digest}. Look at the run again.`)
    if (!isFilledIn(decision.reason)) refuse('A decision needs a "reason": write it in place of the "…".')
    if (!isFilledIn(decision.by)) refuse('A decision needs "by": write who decides in place of the "…".')
    const by = this.rules?.by
    if (by && !by.includes(decision.by)) refuse(`"${decision.by}" may not decide this run: ${by.join(', ')} may.`)
  }

  decide(decision: Decision, updateId: string | null): void {
    this.close({ how: 'decided', decision: { ...decision, updateId } })
  }

  /** Of a run that is not held yet, when it comes to be. Anybody may send a signal: what is none of ours is not heard. */
  supersede(by: Successor | undefined): void {
    if (typeof by?.runId !== 'string') return
    this.successor ??= by
    this.close({ how: 'superseded', by: this.successor })
  }

  timeOut(): void {
    if (this.held) this.close({ how: 'decided', decision: decideWithoutPeople(this.held, this.rules!) })
  }

  /** @returns what ended the wait; decided by `timeout`, as the pipeline says, when nobody did */
  async wait(remind: (waited: string) => Promise<void>): Promise<HoldEnd> {
    const startMs = Date.now()
    const isOver = (span: string): Promise<boolean> =>
      condition(() => this.end !== undefined, Math.max(1, startMs + millisecondsOf(span) - Date.now()), {
        summary: 'Waiting for a decision',
      })
    for (const span of remindersOf(this.rules!)) {
      if (await isOver(span)) return this.end!
      await remind(span)
    }
    if (!(await isOver(this.rules!.within))) this.timeOut()
    return this.end!
  }

  private close(end: HoldEnd): void {
    if (this.held) this.end ??= end
  }

  private liveModelDigest(): string {
    const { byLiveModel } = this.held!
    if (byLiveModel === null) refuse('The live model cannot place these customers: approve or reject the candidate.')
    if (byLiveModel.verdict === 'fail')
      refuse('A gate fails for the customers as the live model places them too: approve or reject the candidate.')
    return byLiveModel.digest
  }
}

/** The page of a held run gives the argument with `…` where people write: pasted as it is, it tells nobody why. */
function isFilledIn(text: unknown): boolean {
  return typeof text === 'string' && /[\p{L}\p{N}]/u.test(text)
}

function refuse(message: string): never {
  throw ApplicationFailure.nonRetryable(message, 'DecisionRefused')
}
