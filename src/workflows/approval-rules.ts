import type { TakenDecision } from '../run/decision.ts'
import { millisecondsOf } from '../run/time-span.ts'
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
  /** How long after the run was held people are reminded: `1 day`. Undefined: never. */
  readonly remindAfter?: readonly string[] | undefined
}

/** Reminders that come before time is up, in order. */
export function remindersOf({ remindAfter = [], within }: ApprovalRules): readonly string[] {
  return [...remindAfter]
    .filter((span) => millisecondsOf(span) < millisecondsOf(within))
    .sort((a, b) => millisecondsOf(a) - millisecondsOf(b))
}

/** What counts when time is up. What would itself have to wait for a person is not published for want of one. */
export function decideWithoutPeople(
  { digest, byLiveModel }: HeldCandidate,
  { within, otherwise }: ApprovalRules,
): TakenDecision {
  const taken = { reason: `Nobody decided within ${within}.`, by: 'timeout', updateId: null }
  const isUsable = byLiveModel !== null && byLiveModel.verdict !== 'hold' && byLiveModel.verdict !== 'fail'
  if (otherwise === 'useLiveModel' && isUsable)
    return { decision: 'useLiveModel', digest: byLiveModel.digest, ...taken }
  return { decision: 'reject', digest, ...taken }
}
