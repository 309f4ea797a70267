import { describe, expect, it } from 'vitest'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { PublishedModel } from '../../src/stages/validate/published-model.ts'
import { planOf, type Customer } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import {
  firstPlan,
  fixedCount,
  keyOf,
  openBench,
  publish,
  secondPlan,
  validate,
  type Validated,
} from './validated-candidate.ts'

const bench = await openBench()

describe('validateAgainstPublished, after an edit of the definition', { timeout: 60_000 }, () => {
  it('calls every move definition when the live model knows other features, or none of ours made it', async () => {
    const before = threeGroups(40)
    const first = await validate(bench, firstPlan, before)
    publish(bench, firstPlan, first)
    const members = { ...bench.published.members, [before[0]![0]]: keyOf(first, before[1]![0]) as string }
    const { live, segments } = bench.published.state
    bench.published = {
      ...bench.published,
      members,
      state: { live: { ...live!, model: null }, segments, newestNumber: 0 },
    }
    const { rows } = await validate(bench, secondPlan, before)
    expect(rows.find((row) => row.customer_id === before[0]![0])).toMatchObject({ move_reason: 'definition' })
  })

  it('calls every move definition when a feature covers another time span than in the live model', async () => {
    const before = threeGroups(40)
    const first = await validate(bench, firstPlan, before)
    publish(bench, firstPlan, first)
    const members = { ...bench.published.members, [before[0]![0]]: keyOf(first, before[1]![0]) as string }
    const { live, segments } = bench.published.state
    bench.published = {
      ...bench.published,
      members,
      state: { live: { ...live!, publicationId: 9 }, segments, newestNumber: 0 },
    }
    const reasonIn = async (features: unknown): Promise<unknown> => {
      const plan = planOf({ ...fixedCount, runKey: 'shop@2026-10-01', features })
      const { rows } = await validate(bench, plan, before)
      return rows.find((row) => row.customer_id === before[0]![0])!.move_reason
    }
    expect(await reasonIn(['recency', 'frequency', 'monetary'])).toBe('behaviour')
    expect(await reasonIn(['recency', 'frequency', { monetary: { window: '6 months' } }])).toBe('definition')
  })
})

/** Of everybody whose segment changed, how many for which reason. */
function countReasons({ rows }: Validated): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { move_reason: reason } of rows)
    if (reason !== null) counts[String(reason)] = (counts[String(reason)] ?? 0) + 1
  return counts
}

const rules = {
  method: 'rules',
  rules: [{ name: 'Rich', when: 'monetary > 1000' }],
  otherwise: 'Rest',
}

describe("a candidate of an edited definition, with the live model's features beside", { timeout: 60_000 }, () => {
  const before = threeGroups(40)
  /** The first of the rich and the first of the lapsed change places. */
  const now = before.map(([id, ...values], i): Customer => {
    const [other] = i === 0 ? [before[1]!] : i === 1 ? [before[0]!] : [null]
    return other ? [id, other[1], other[2], other[3]] : [id, ...values]
  })
  const publishFirst = async (first: RunPlan): Promise<void> =>
    publish(bench, first, await validate(bench, first, before))

  it('tells customers who changed from those who only have another segment by another method (by hand)', async () => {
    const byRules = { cluster: rules, runKey: 'shop@2026-10-01' }
    await publishFirst(firstPlan)
    const ruled = await validate(bench, planOf(byRules), now)
    // All 120 are in a segment of another key: two of them would be elsewhere by the old centres too.
    expect(countReasons(ruled)).toEqual({ behaviour: 2, definition: 118 })
    publish(bench, planOf(byRules), ruled)
    const back = await validate(bench, planOf({ ...fixedCount, runKey: 'shop@2026-12-01' }), before)
    expect(countReasons(back)).toEqual({ behaviour: 2, definition: 118 })
  })

  it.each([
    { edit: 'a feature is gone', from: ['recency', 'frequency', 'monetary'], to: ['monetary'] },
    { edit: 'a feature is added', from: ['recency', 'monetary'], to: ['recency', 'frequency', 'monetary'] },
    {
      edit: 'a feature has another window',
      from: ['recency', 'monetary'],
      to: ['recency', { monetary: { window: '6 months' } }],
    },
  ])('where $edit: nobody who is as he was has moved by behaviour', async ({ from, to }) => {
    const first = planOf({ cluster: { count: 3 }, features: from })
    await publishFirst(first)
    const second = planOf({ cluster: { count: 2 }, features: to, runKey: 'shop@2026-10-01' })
    // What the new definition measures has turned around; what the old one measures has not.
    const turned = before.map(([id, recency, frequency], i): Customer => [
      id,
      recency,
      frequency,
      i % 2 === 0 ? 10 : 5_000,
    ])
    const same = await validate(bench, second, turned, 1, { plan: first, customers: before })
    expect(Object.keys(countReasons(same))).toEqual(['definition'])
    const changed = await validate(bench, second, turned, 1, { plan: first, customers: now })
    const moved = new Set(changed.rows.filter((row) => row.move_reason === 'behaviour').map((row) => row.customer_id))
    expect([...moved].every((id) => id === now[0]![0] || id === now[1]![0])).toBe(true)
    expect(moved.size).toBeGreaterThan(0)
    expect(changed.validation.canUseLiveModel).toBe(true)
    // Of the live model, both features can be looked at, whatever became of them.
    const drifts = changed.validation.comparison.filter(({ measure }) => measure === 'feature_drift')
    expect(drifts.map(({ subject }) => subject).toSorted()).toEqual(from.toSorted())
  })

  it('calls every move definition where the old features cannot be built, and says why', async () => {
    await publishFirst(firstPlan)
    const second = planOf({ cluster: { count: 2 }, features: ['monetary'], runKey: 'shop@2026-10-01' })
    const { rows, validation } = await validate(bench, second, now, 1, { problem: 'Column basket is gone.' })
    expect(new Set(rows.map((row) => row.move_reason))).toEqual(new Set([null, 'definition']))
    expect(validation.canUseLiveModel).toBe(false)
    expect(validation.remarks).toContainEqual(expect.stringContaining('Column basket is gone.'))
  })

  it('has no moves by behaviour where nothing but the seed is new, and none by borders where the model is the same', async () => {
    const seeded = (seed: number, runKey: string) => planOf({ cluster: { count: 5, starts: 1, seed }, runKey })
    await publishFirst(seeded(1, 'shop@2026-07-01'))
    const again = await validate(bench, seeded(8, 'shop@2026-10-01'), before)
    expect(
      Object.keys(countReasons(again)).filter((reason) => !['boundary', 'relabel', 'merged'].includes(reason)),
    ).toEqual([])
    const kept = planOf({
      cluster: { count: 5, refit: 'never' },
      runKey: 'shop@2026-10-01',
      live: { publicationId: 1, modelDigest: 'd' },
    })
    expect(countReasons(await validate(bench, kept, now))).toEqual({ behaviour: 2 })
  })
})

describe('the distance of features since the fit', { timeout: 60_000 }, () => {
  const before = threeGroups(40)
  const now = before.map(([id, recency, ...rest], i): Customer => [id, i < 30 ? recency + 1_000 : recency, ...rest])
  const distances = ({ validation }: Validated) =>
    validation.comparison.filter(({ measure }) => measure.startsWith('feature_ks'))

  it('is that of all values while the store has those of the fit, and at the edges of bins when they are gone', async () => {
    const first = await validate(bench, firstPlan, before)
    publish(bench, firstPlan, first)
    expect(distances(await validate(bench, secondPlan, now)).map(({ measure }) => measure)).toEqual(
      new Array(3).fill('feature_ks_binned'),
    )
    const { live } = bench.published.state
    const model = live!.model as PublishedModel
    const built = await bench.commitFeatures(firstPlan, before, 1)
    const { address } = (await bench.services.store(firstPlan.definition).readManifest(built.uri, 'manifest'))!
    const withDigest = (featuresDigest: string): void => {
      const fittedBy = { ...model.fittedBy!, featuresDigest }
      const state = { ...bench.published.state, live: { ...live!, model: { ...model, fittedBy } } }
      bench.published = { ...bench.published, state }
    }
    withDigest(address.inputDigest)
    const compared = await validate(bench, secondPlan, now)
    // By hand: a quarter of the customers lies above all that there were, the rest is where it was.
    expect(distances(compared)).toContainEqual({
      measure: 'feature_ks',
      subject: 'recency',
      value: 0.25,
      previous: null,
    })
    expect(distances(compared)).toContainEqual({
      measure: 'feature_ks',
      subject: 'frequency',
      value: 0,
      previous: null,
    })
    withDigest('swept-since')
    expect(distances(await validate(bench, secondPlan, now))[0]!.measure).toBe('feature_ks_binned')
  })
})
