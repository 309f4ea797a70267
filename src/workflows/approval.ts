import { type ActivityOptions, ApplicationFailure, condition } from '@temporalio/workflow'
import { type Decision, decisions } from '../run/decision.ts'
import type { GateOutcome } from '../run/verdict.ts'

/** What a decision can be about. */
export interface HeldCandidate {
  /** Of the candidate itself. */
  readonly digest: string
  /** The customers as the live model places them; null: it can't. */
  readonly byLiveModel: { readonly digest: string; readonly verdict: GateOutcome } | null
}

/** How a pipeline wants its held runs decided. */
export interface ApprovalRules {
  /** `5 days` */
  readonly within: string
  readonly otherwise: 'reject' | 'useLiveModel'
  /** Undefined: everybody. */
  readonly by?: readonly string[] | undefined
}

/** Parks a held run until somebody decides about exactly this candidate, or time is up. */
export class Approval {
  private held: HeldCandidate | undefined
  private rules: ApprovalRules | undefined
  private decision: Decision | undefined

  get awaited(): string | undefined {
    return this.decision === undefined ? this.held?.digest : undefined
  }

  /** Opens the gate for decisions about `held`. */
  park(held: HeldCandidate, rules: ApprovalRules): void {
    this.held = held
    this.rules = rules
  }

  /** Validator of Update `decide`. A reset brings old decisions back through here: they can't approve other data. */
  check(decision: Decision): void {
    if (this.held === undefined) refuse('The run is not held: there is nothing to decide.')
    if (this.decision !== undefined) refuse(`The run was decided already, by ${this.decision.by}.`)
    if (!decisions.includes(decision?.decision))
      refuse(`Decision "${decision?.decision}" is unknown: ${decisions.map((door) => `"${door}"`).join(', ')}.`)
    const digest = decision.decision === 'useLiveModel' ? this.liveModelDigest() : this.held.digest
    if (decision.digest !== digest)
      refuse(`The decision is about digest ${decision.digest}; the run holds ${digest}. Look at the run again.`)
    if (!decision.reason?.trim()) refuse('A decision needs a "reason".')
    if (!decision.by?.trim()) refuse('A decision needs "by": who decides.')
    const by = this.rules?.by
    if (by && !by.includes(decision.by)) refuse(`"${decision.by}" may not decide this run: ${by.join(', ')} may.`)
  }

  decide(decision: Decision): void {
    this.decision = decision
  }

  /** @returns what was decided; by `timeout`, as the pipeline says, when nobody did */
  async wait(): Promise<Decision> {
    const { within } = this.rules!
    const decided = await condition(
      () => this.decision !== undefined,
      within as ActivityOptions['heartbeatTimeout'] & string,
      {
        summary: 'Waiting for a decision',
      },
    )
    const decision = decided ? this.decision! : this.withoutPeople()
    this.held = undefined
    return decision
  }

  private liveModelDigest(): string {
    const { byLiveModel } = this.held!
    if (byLiveModel === null) refuse('The live model cannot place these customers: approve or reject the candidate.')
    if (byLiveModel.verdict === 'fail')
      refuse('A gate fails for the customers as the live model places them too: approve or reject the candidate.')
    return byLiveModel.digest
  }

  /** What would itself have to wait for a person is not published for want of one. */
  private withoutPeople(): Decision {
    const { digest, byLiveModel } = this.held!
    const { within, otherwise } = this.rules!
    const reason = `Nobody decided within ${within}.`
    const isUsable = byLiveModel !== null && byLiveModel.verdict !== 'hold' && byLiveModel.verdict !== 'fail'
    if (otherwise === 'useLiveModel' && isUsable)
      return { decision: 'useLiveModel', digest: byLiveModel.digest, reason, by: 'timeout' }
    return { decision: 'reject', digest, reason, by: 'timeout' }
  }
}

/** A decision about `digest` as JSON, to be filled in and pasted into the UI; in two lines, which is as narrow as a digest allows. */
export function decisionExample(digest: string, door: Decision['decision'] = 'approve'): string {
  const decision: Decision = { decision: door, reason: '…', by: '…', digest }
  return JSON.stringify(decision).replace('"digest"', '\n"digest"')
}

function refuse(message: string): never {
  throw ApplicationFailure.nonRetryable(message, 'DecisionRefused')
}
