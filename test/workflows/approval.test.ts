import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Approval } from '../../src/workflows/approval.ts'
import type { HeldCandidate } from '../../src/workflows/approval-rules.ts'
import type { Decision } from '../../src/run/decision.ts'
import type { GateOutcome } from '../../src/run/verdict.ts'

const rules = { within: '5 days', otherwise: 'reject' } as const
const byLiveModel = (verdict: GateOutcome) => ({ digest: 'live', verdict })
const held: HeldCandidate = { digest: 'candidate', byLiveModel: byLiveModel('pass') }
const approval: Decision = { decision: 'approve', digest: 'candidate', reason: 'Fine.', by: 'ada' }
const rejection: Decision = { ...approval, decision: 'reject', by: 'bob' }
const successor = { runId: 'shop@2027-01-01~1', asOf: '2027-01-01T00:00:00.000Z' }

/** Does to a run what its messages do: a decision that the validator refuses never comes to the handler. */
const acts = {
  park: (one: Approval) => one.park(held, rules),
  'park other data': (one: Approval) => one.park({ ...held, digest: 'other' }, rules),
  approve: (one: Approval) => send(one, approval),
  reject: (one: Approval) => send(one, rejection),
  'use live model': (one: Approval) => send(one, { ...approval, decision: 'useLiveModel', digest: 'live' }),
  supersede: (one: Approval) => one.supersede(successor),
  'time out': (one: Approval) => one.timeOut(),
} as const
type Act = keyof typeof acts

function send(one: Approval, decision: Decision): void {
  one.check(decision)
  one.decide(decision, null)
}

/** What ended the wait, in a word; the refusals on the way. */
function play(steps: readonly Act[]): { end: string | null; refusals: string[] } {
  const one = new Approval()
  const refusals: string[] = []
  for (const step of steps)
    try {
      acts[step](one)
    } catch (error) {
      refusals.push((error as Error).message)
    }
  return { end: endOf(one), refusals }
}

/** Null while it is open, or was never held. */
function endOf({ ended }: Approval): string | null {
  if (!ended) return null
  return ended.how === 'superseded' ? ended.by.runId : `${ended.decision.decision} by ${ended.decision.by}`
}

describe('a decision', () => {
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
    ['without the reason that its page leaves to be written', { reason: '…' }, {}, /needs a "reason"/],
    ['without the name that its page leaves to be written', { by: ' … ' }, {}, /needs "by"/],
  ])('%s', (_what, change, state, refusal) => {
    const one = new Approval()
    one.park({ ...held, ...state.held }, { ...rules, by: state.by })
    const check = (): void => one.check({ ...approval, ...change })
    if (refusal) expect(check).toThrow(refusal)
    else expect(check).not.toThrow()
  })
})

describe('the wait of a held run', () => {
  const decidedBy = (who: string): RegExp => new RegExp(`decided already, by ${who}`)

  it.each<[what: string, steps: Act[], end: string | null, refusals: RegExp[]]>([
    ['is open while nobody decided', ['park'], null, []],
    ['takes no decision before the run is held', ['approve', 'park'], null, [/not held/]],
    ['takes the first of two deciders', ['park', 'approve', 'reject'], 'approve by ada', [decidedBy('ada')]],
    ['takes no approval after a rejection', ['park', 'reject', 'approve'], 'reject by bob', [decidedBy('bob')]],
    ['takes the same decision once', ['park', 'approve', 'approve'], 'approve by ada', [decidedBy('ada')]],
    ['takes no approval of what a reset replaced', ['park other data', 'approve'], null, [/the run holds other/]],
    ['takes no decision after its time', ['park', 'time out', 'approve'], 'reject by timeout', [decidedBy('timeout')]],
    ['takes no time-out after a decision', ['park', 'approve', 'time out'], 'approve by ada', []],
    ['has no time-out before the run is held', ['time out', 'park'], null, []],
    ['ends when the run is overtaken', ['park', 'supersede', 'time out'], successor.runId, []],
    ['ends at once for a run that was overtaken before', ['supersede', 'park'], successor.runId, []],
    [
      'takes no approval once overtaken',
      ['park', 'supersede', 'approve'],
      successor.runId,
      [/superseded by shop@2027-01-01~1/],
    ],
    ['leaves an approval be that came before a publication', ['park', 'approve', 'supersede'], 'approve by ada', []],
    ['hears of a publication twice', ['park', 'supersede', 'supersede'], successor.runId, []],
  ])('%s', (_what, steps, end, refusals) => {
    const played = play(steps)
    expect(played.end).toBe(end)
    expect(played.refusals).toHaveLength(refusals.length)
    refusals.forEach((refusal, i) => expect(played.refusals[i]).toMatch(refusal))
  })

  it('hears no signal that says nothing', () => {
    const one = new Approval()
    one.park(held, rules)
    for (const junk of [undefined, null, {}, { runId: 7 }, 'shop']) one.supersede(junk as never)
    expect(endOf(one)).toBeNull()
  })

  it('ends once: whatever comes after the first end changes nothing, and repeating every message neither', () => {
    const step = fc.constantFrom<Act>('approve', 'reject', 'use live model', 'supersede', 'time out')
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat(12), (steps, at) => {
        const when = Math.min(at, steps.length)
        const parked: Act[] = [...steps.slice(0, when), 'park', ...steps.slice(when)]
        const { end } = play(parked)
        // By hand: before it is held only a publication counts, afterwards the first message of all.
        const isOvertaken = steps.slice(0, when).includes('supersede')
        const [first] = isOvertaken ? ['supersede' as const] : steps.slice(when)
        const ends: Partial<Record<Act, string>> = {
          approve: 'approve by ada',
          reject: 'reject by bob',
          'use live model': 'useLiveModel by ada',
          supersede: successor.runId,
          'time out': 'reject by timeout',
        }
        expect(end).toBe(first === undefined ? null : ends[first])
        const twice = parked.flatMap((one) => [one, one])
        expect(play(twice).end).toBe(end)
      }),
    )
  })
})
