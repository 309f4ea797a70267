import { type ActivityOptions, ApplicationFailure, condition } from '@temporalio/workflow'
import type { Decision } from '../run/decision.ts'

/** Parks a held run until somebody decides about exactly this candidate, or time is up. */
export class Approval {
  private heldDigest: string | undefined
  private decision: Decision | undefined

  get awaited(): string | undefined {
    return this.decision === undefined ? this.heldDigest : undefined
  }

  /** Opens the gate for decisions about `digest`. */
  park(digest: string): void {
    this.heldDigest = digest
  }

  /** Validator of Update `decide`. A reset brings old decisions back through here: they can't approve other data. */
  check(decision: Decision): void {
    if (this.heldDigest === undefined) refuse('The run is not held: there is nothing to decide.')
    if (this.decision !== undefined) refuse(`The run was decided already, by ${this.decision.by}.`)
    if (!['approve', 'reject'].includes(decision?.decision))
      refuse(`Decision "${decision?.decision}" is unknown: "approve" or "reject".`)
    if (decision.digest !== this.heldDigest)
      refuse(
        `The decision is about digest ${decision.digest}; the run holds ${this.heldDigest}. Look at the run again.`,
      )
    if (!decision.reason?.trim()) refuse('A decision needs a "reason".')
    if (!decision.by?.trim()) refuse('A decision needs "by": who decides.')
  }

  decide(decision: Decision): void {
    this.decision = decision
  }

  /** @returns what was decided; a rejection by `timeout` when nobody did */
  async wait(within: string): Promise<Decision> {
    const digest = this.heldDigest!
    const decided = await condition(
      () => this.decision !== undefined,
      within as ActivityOptions['heartbeatTimeout'] & string,
      {
        summary: 'Waiting for a decision',
      },
    )
    this.heldDigest = undefined
    return decided
      ? this.decision!
      : { decision: 'reject', digest, reason: `Nobody decided within ${within}.`, by: 'timeout' }
  }
}

/** A decision about `digest` as JSON, to be filled in and pasted into the UI; in two lines, which is as narrow as a digest allows. */
export function decisionExample(digest: string): string {
  const decision: Decision = { decision: 'approve', reason: '…', by: '…', digest }
  return JSON.stringify(decision).replace('"digest"', '\n"digest"')
}

function refuse(message: string): never {
  throw ApplicationFailure.nonRetryable(message, 'DecisionRefused')
}
