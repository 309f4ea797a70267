import { describe, expect, it } from 'vitest'
import { effectOf, verdictOf } from '../../../../src/run/verdict.ts'
import { outcomeText } from '../../../../src/run/verdict-text.ts'
import { checkGates } from '../../../../src/stages/validate/gates/check-gates.ts'
import type { GateFacts } from '../../../../src/stages/validate/gates/entry.ts'
import { replayGates } from '../../../../src/stages/validate/gates/replay-gates.ts'
import { validateConfig } from '../../../../src/stages/validate/config.ts'
import { facts } from './gate-facts.ts'

const first: GateFacts = { ...facts, panel: 0, lineage: [], published: null }
const checkOf = (gate: string, changed: Partial<GateFacts>, validate: object = {}) =>
  checkGates(validateConfig.parse(validate), { ...facts, ...changed }).find((check) => check.gate === gate)!

describe('a gate that could not be computed', () => {
  const unknown = { panel: 0 }
  it.each([
    ['holds, where it may hold', {}, 'hold'],
    ['does what the pipeline says of all gates', { whenNotComputable: 'warn' }, 'warn'],
    ['does no more than its thresholds could', { membershipChurn: { warn: { above: 0.2 } } }, 'warn'],
    ['does nothing without a threshold', { membershipChurn: {} }, 'pass'],
    [
      'does what the pipeline says of it, whatever is said of all',
      { whenNotComputable: 'pass', membershipChurn: { whenNotComputable: 'fail' } },
      'fail',
    ],
    [
      'does it without a threshold too',
      { membershipChurn: { warn: { above: 0.2 }, whenNotComputable: 'hold' } },
      'hold',
    ],
  ])('%s', (_, validate, effect) => {
    const check = checkOf('membershipChurn', unknown, validate)
    expect(check.outcome).toBe('not-computable')
    expect(effectOf(check)).toBe(effect)
  })

  it('is told as such, with what it does', () => {
    expect(outcomeText(checkOf('membershipChurn', unknown), 0)).toBe('hold: could not be computed')
    expect(outcomeText(checkOf('membershipChurn', unknown, { membershipChurn: {} }), 0)).toBe('could not be computed')
  })
})

describe('a first run', () => {
  const few = [{ ...facts.segments[0]!, customers: 19 }, facts.segments[1]!]
  const verdict = (validate: object, changed: Partial<GateFacts> = {}) =>
    verdictOf(checkGates(validateConfig.parse(validate), { ...first, ...changed }))

  it.each([
    ['quality', {}, 'not-computable'],
    ['quality', { segments: few }, 'hold'],
    ['hold', {}, 'hold'],
    ['publish', { segments: few }, 'warn'],
  ] as const)('with firstRun: %s comes to a verdict', (firstRun, changed, expected) => {
    expect(verdict({ firstRun }, changed)).toBe(expected)
  })

  it('fails by what fails, whatever its policy', () => {
    expect(verdict({ firstRun: 'publish', minimumCustomers: { fail: { below: 3_000 } } })).toBe('fail')
  })

  it('has nothing to say by gates that compare', () => {
    const unknown = checkGates(validateConfig.parse({}), first).filter(({ outcome }) => outcome === 'not-computable')
    expect(unknown.map(({ gate }) => gate)).toEqual([
      'membershipChurn',
      'coverage',
      'rowCount',
      'sourceRowChange',
      'completeness',
      'newLevels',
      'agreement',
      'structuralChange',
      'massChange',
      'featureDrift',
      'shareDrift',
      'kpiMix',
    ])
    expect(new Set(unknown.map(effectOf))).toEqual(new Set(['pass']))
  })
})

describe('thresholds of a single segment', () => {
  const guarded = (key: string, hold: object) => ({ smallestSegment: { segments: { [key]: { hold } } } })

  it('replace those of the gate for it, and leave the default for the others', () => {
    const check = checkOf('smallestSegment', {}, guarded('shop-3', { below: 0.6 }))
    expect(check).toMatchObject({ value: 0.505, outcome: 'hold', threshold: 'below 0.6', subject: 'shop-3' })
    expect(check.message).toMatch(/^Segment shop-3 \(New\) has 1,010 of 2,000 customers/)
    const segments = [{ ...facts.segments[0]!, customers: 19 }, facts.segments[2]!]
    expect(checkOf('smallestSegment', { segments }, guarded('shop-3', { below: 0.2 }))).toMatchObject({
      outcome: 'hold',
      subject: 'shop-1',
    })
  })

  it('take one that is gone for a segment of nobody', () => {
    expect(checkOf('smallestSegment', {}, guarded('shop-9', { below: 0.05 }))).toMatchObject({
      value: 0,
      outcome: 'hold',
      subject: 'shop-9',
    })
  })

  it('cannot be judged of one that never was, and the keys there are are named', () => {
    const check = checkOf('smallestSegment', {}, guarded('shop-33', { below: 0.05 }))
    expect(check).toMatchObject({ outcome: 'not-computable', effect: 'hold' })
    expect(check.message).toContain('shop-33 has a threshold of its own and never was: the pipeline knows shop-1,')
  })
})

describe('replayed gates', () => {
  const recorded = { kind: 'refit', moved: 150, checks: checkGates(validateConfig.parse({}), facts) } as const
  const replayed = (validate: object) => replayGates(validateConfig.parse(validate), recorded)
  const now = (gate: string, validate: object) => replayed(validate).gates.find((one) => one.gate === gate)!.now

  it('come to what the run came to, with the same thresholds', () => {
    const { gates } = replayed({})
    expect(gates.flatMap(({ gate, now: found }) => (found ? [[gate, found.outcome]] : []))).toEqual(
      recorded.checks.map(({ gate, outcome }) => [gate, outcome]),
    )
  })

  it('would have fired by other thresholds, also of single segments', () => {
    expect(now('membershipChurn', { membershipChurn: { hold: { above: 0.05 } } })).toMatchObject({ outcome: 'hold' })
    const guarded = { smallestSegment: { segments: { 'shop-1': { warn: { below: 0.4 } } } } }
    expect(now('smallestSegment', guarded)).toMatchObject({ outcome: 'warn', value: 0.3, subject: 'shop-1' })
    expect(replayed({ membershipChurn: { fail: { above: 0.05 } } }).verdict).toBe('fail')
  })

  it('say nothing of a gate that the run did not record', () => {
    expect(now('own', { custom: [{ name: 'own', sql: 'select 1', hold: { above: 0 } }] })).toBeNull()
  })
})
