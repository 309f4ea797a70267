import { describe, expect, it } from 'vitest'
import { ConfigInvalid } from '../../src/errors/config-invalid.ts'
import { planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import { fixedCount, openBench, publish, validate } from './validated-candidate.ts'

const bench = await openBench()

describe('gates of a pipeline of its own', { timeout: 60_000 }, () => {
  const planWith = (runKey: string, ...custom: readonly object[]) => {
    const plan = planOf({ ...fixedCount, runKey })
    const { pipeline } = plan.definition
    const gates = custom.map((gate) => ({ unit: 'share', compares: false, ...gate }))
    const own = { ...pipeline, validate: { ...pipeline.validate, custom: gates } } as typeof pipeline
    return { ...plan, definition: { ...plan.definition, pipeline: own } }
  }
  const stays = {
    name: 'everybodyStays',
    sql: 'select count(*) filter (where move_reason is null) / count(*) from candidate -- of all\n;',
    compares: true,
    hold: { below: 0.9 },
  }
  const spend = {
    name: 'spending',
    sql: 'select sum(monetary) / count(*) from candidate where segment_key is not null',
    unit: 'count',
  }

  it('see segments of before and now, and the features', async () => {
    const customers = threeGroups(40)
    const first = planWith('shop@2026-07-01', stays, spend)
    const made = await validate(bench, first, customers)
    const checks = made.validation.checks.slice(-2)
    expect(checks).toMatchObject([
      { gate: 'everybodyStays', outcome: 'not-computable', value: null },
      { gate: 'spending', outcome: 'pass', unit: 'count', value: expect.any(Number) as number },
    ])
    publish(bench, first, made)
    // By hand: 120 of 150 customers were there and stay.
    const more = [...customers, ...threeGroups(10, 'z')]
    const { validation } = await validate(bench, planWith('shop@2026-10-01', stays), more)
    expect(validation.checks.at(-1)).toMatchObject({
      value: 0.8,
      outcome: 'hold',
      page: { why: expect.any(String) as string },
    })
    expect(validation.verdict).toBe('hold')
  })

  it.each([
    ['select nobody from candidate', '"select nobody from candidate" does not work: Binder Error'],
    ['select count(* from candidate', 'does not work: Parser Error'],
    ['drop table live', 'does not work: Parser Error'],
    ['select segment_key, count(*) from candidate group by 1', 'gives several rows'],
    ['select 1, 2', 'gives 2 columns'],
    ["select 'much'", 'gives text ("much")'],
    ['select 1 where false', 'gives no row'],
  ])('that ask "%s" are refused by name', async (sql, said) => {
    const plan = planWith('shop@2026-07-01', { name: 'odd', sql, hold: { above: 1 } })
    const failure = await validate(bench, plan, threeGroups(40)).catch((error: unknown) => error)
    expect(String((failure as Error).message)).toContain('validate.custom odd: ')
    expect(String((failure as Error).message)).toContain(said)
    expect(failure).toSatisfy(
      (error) => error instanceof ConfigInvalid || (error as { type?: string }).type === 'ConfigInvalid',
    )
  })

  it('hold where their query gives no number', async () => {
    const plan = planWith('shop@2026-07-01', { name: 'none', sql: 'select null', hold: { above: 1 } })
    const { validation } = await validate(bench, plan, threeGroups(40))
    expect(validation.checks.at(-1)).toMatchObject({ outcome: 'not-computable', effect: 'hold' })
  })
})
