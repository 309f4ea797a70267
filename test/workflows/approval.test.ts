import { describe, expect, it } from 'vitest'
import { Approval, type HeldCandidate } from '../../src/workflows/approval.ts'
import type { Decision } from '../../src/run/decision.ts'
import type { GateOutcome } from '../../src/run/verdict.ts'

const rules = { within: '5 days', otherwise: 'reject' } as const
const byLiveModel = (verdict: GateOutcome) => ({ digest: 'live', verdict })
const held: HeldCandidate = { digest: 'candidate', byLiveModel: byLiveModel('pass') }
const approval: Decision = { decision: 'approve', digest: 'candidate', reason: 'Fine.', by: 'ada' }

describe('a decision', () => {
  it('finds no run that is held before it is parked', () => {
    expect(() => new Approval().check(approval)).toThrow('not held')
  })

  it.each<
    [what: string, decision: object, state: { held?: Partial<HeldCandidate>; by?: string[] }, refusal: RegExp | null]
  >([
    ['to approve what is held', {}, {}, null],
    ['to reject what is held', { decision: 'reject' }, {}, null],
    ['to use the live model', { decision: 'useLiveModel', digest: 'live' }, {}, null],
    ['by one of those who may', {}, { by: ['bob', 'ada'] }, null],
    ['by somebody else', {}, { by: ['bob'] }, /"ada" may not decide this run: bob may/],
    ['about other data', { digest: 'before' }, {}, /about digest before; the run holds candidate/],
    ['to approve what the live model gives', { digest: 'live' }, {}, /holds candidate/],
    ['to use the live model for the candidate', { decision: 'useLiveModel' }, {}, /holds live/],
    ['to use a live model that cannot', { decision: 'useLiveModel' }, { held: { byLiveModel: null } }, /cannot place/],
    [
      'to use a live model over a failed gate',
      { decision: 'useLiveModel', digest: 'live' },
      { held: { byLiveModel: byLiveModel('fail') } },
      /gate fails/,
    ],
    ['of an unknown kind', { decision: 'maybe' }, {}, /"maybe" is unknown: "approve", "reject", "useLiveModel"/],
    ['without a reason', { reason: ' ' }, {}, /needs a "reason"/],
    ['without a name', { by: '' }, {}, /needs "by"/],
  ])('%s', (_what, change, state, refusal) => {
    const one = new Approval()
    one.park({ ...held, ...state.held }, { ...rules, by: state.by })
    const check = (): void => one.check({ ...approval, ...change })
    if (refusal) expect(check).toThrow(refusal)
    else expect(check).not.toThrow()
  })

  it('is made once: a second one is told who was first', () => {
    const one = new Approval()
    one.park(held, rules)
    one.check(approval)
    one.decide(approval)
    expect(() => one.check({ ...approval, decision: 'reject', by: 'bob' })).toThrow('decided already, by ada')
  })
})
