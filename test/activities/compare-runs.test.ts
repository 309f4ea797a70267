import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/activities/attempt.ts'
import { compareRuns, type StoredRun } from '../../src/activities/compare-runs.ts'
import { putDocument } from '../../src/activities/read-document.ts'
import { StageArtifact } from '../../src/activities/stage-artifact.ts'
import { ArtifactMissing } from '../../src/errors/artifact-missing.ts'
import type { ComparisonMeasure } from '../../src/stages/validate/comparison/measures.ts'
import type { RunDiff } from '../../src/stages/validate/diff/run-diff.ts'
import type { Transition } from '../../src/stages/validate/validation.ts'
import { planOf, type Customer } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import { firstPlan, openBench, publish, secondPlan, validate } from './validated-candidate.ts'
import type { Validated } from './validated-candidate.ts'
import { propertyRuns } from '../property-runs.ts'

const bench = await openBench()
const { definition } = firstPlan

const told = (run: string): StoredRun['told'] => ({ run, period: '', asOf: '', status: 'published', segments: [] })

/** What the command line hands on of a validated run. */
function storedRun(run: string, { output, features }: Validated, publishedAs: string | null): StoredRun {
  return { told: told(run), validateUri: output.ref.uri, featuresUri: features.uri, publishedAs }
}

const diff = (before: StoredRun, after: StoredRun): Promise<RunDiff> =>
  compareRuns(bench.services, definition, before, after)

/** Two quarters: some customers buy otherwise, some are gone, some are new. The first is live while the second is compared. */
async function twoQuarters(): Promise<readonly [Validated, Validated]> {
  const before = threeGroups(40)
  const first = await validate(bench, firstPlan, before)
  publish(bench, firstPlan, first)
  const now: readonly Customer[] = [
    ...before.slice(9).map((customer, i): Customer => (i < 6 ? [customer[0], 330, 1, 70] : customer)),
    ['z-new', 310, 1, 65],
    ['z-newer', 6, 45, 3_500],
  ]
  return [first, await validate(bench, secondPlan, now)]
}

describe('two runs, compared from what they have stored', { timeout: 60_000 }, () => {
  it('are what the second one found itself, when it was compared with exactly the first', async () => {
    const [first, second] = await twoQuarters()
    const found = await diff(storedRun('a', first, 'shop@2026-07-01~1'), storedRun('b', second, null))
    const { transitions, comparison, lineage, panel, moved, customers } = second.validation
    expect(found).toMatchObject({ source: 'stored', withoutReasons: null, transitions, comparison, lineage })
    expect(found).toMatchObject({ panel, moved, customers, customersBefore: 120 })
  })

  it('have the same figures when they are counted anew', async () => {
    const [first, second] = await twoQuarters()
    const computed = await diff(storedRun('a', first, null), storedRun('b', second, null))
    const { transitions, comparison, lineage, panel, moved } = second.validation
    expect(moved).toBeGreaterThan(0)
    expect(computed).toMatchObject({ source: 'computed', withoutReasons: null, panel, moved })
    expect(computed.transitions).toEqual(transitions)
    // Of what needs the fit, or all values that the live model was fitted on, only the run itself tells.
    const countable = comparison.filter(({ measure }) => !/^(margin_|mean_squared_distance|feature_ks)/.test(measure))
    const counted = computed.comparison.filter(({ measure }) => !measure.startsWith('feature_ks'))
    expect(inOrder(counted)).toEqual(inOrder(countable))
    expect(computed.lineage).toEqual(lineage)
  })

  it('go without reasons, drift and money where the features of the second are gone, or the first model knows others', async () => {
    const [first, second] = await twoQuarters()
    const swept = await diff(storedRun('a', first, null), {
      ...storedRun('b', second, null),
      featuresUri: 'file:///gone',
    })
    expect(swept.withoutReasons).toBe('The features of b are not in the artifact store any more.')
    expect(swept.moved).toBe(second.validation.moved)
    const reasons = new Set(swept.transitions.map(({ moveReason }) => moveReason))
    expect([...reasons].sort()).toEqual(['lost', 'new', null].sort())
    expect(swept.comparison.some(({ measure }) => measure.startsWith('feature') || measure.startsWith('kpi'))).toBe(
      false,
    )
    const other = planOf({ cluster: { count: 3 }, features: ['recency', 'monetary'], runKey: 'shop@2026-10-02' })
    const third = await validate(bench, other, threeGroups(40))
    const incomparable = await diff(storedRun('a', first, null), storedRun('c', third, null))
    expect(incomparable.withoutReasons).toContain('other features')
    // Those that both have measure the same: they are compared.
    const drifted = incomparable.comparison.filter(({ measure }) => measure === 'feature_drift')
    expect(drifted.map(({ subject }) => subject).sort()).toEqual(['monetary', 'recency'])
  })

  it('cannot be compared once one is swept, and say what is left', async () => {
    const [first, second] = await twoQuarters()
    await rm(join(fileURLToPath(first.output.ref.uri)), { recursive: true })
    await expect(diff(storedRun('a', first, null), storedRun('b', second, null))).rejects.toThrow(ArtifactMissing)
    await expect(
      diff({ ...storedRun('a', first, null), validateUri: undefined }, storedRun('b', second, null)),
    ).rejects.toThrow('its segments were made elsewhere')
    // The second knows what it found.
    expect((await diff(storedRun('a', first, 'shop@2026-07-01~1'), storedRun('b', second, null))).source).toBe('stored')
  })
})

/** Customer → segment. */
type Members = Readonly<Record<string, string>>

const members = fc.dictionary(
  fc.constantFrom(...Array.from({ length: 30 }, (_, i) => `c${i}`)),
  fc.constantFrom('shop-1', 'shop-2', 'shop-3', 'shop-4'),
  { minKeys: 1 },
)
let runs = 0

/** The artifact that stage validate would have written, as far as a diff reads it. */
async function commitMembers(of: Members): Promise<StoredRun> {
  const name = `run-${(runs += 1)}`
  const store = bench.services.store(definition)
  const inputs = { stage: 'validate', stageVersion: 1, config: { name }, reads: [], shardCount: 1 } as const
  const artifact = new StageArtifact(store, secondPlan, inputs)
  const session = await bench.services.engine.open({ scratchPath: bench.folder })
  try {
    await session.createTable('members', {
      rowCount: Object.keys(of).length,
      columns: { customer_id: Object.keys(of), segment_key: Object.values(of) },
    })
    const rows = await session.writeParquet(
      `SELECT CAST(md5_number_lower(customer_id) % 256 AS INTEGER) AS bucket, *, 'cluster' AS layer FROM members`,
      'bucket, customer_id',
      join(bench.folder, `${name}.parquet`),
    )
    const segments = ['shop-1', 'shop-2', 'shop-3', 'shop-4'].map((segmentKey) => ({ segmentKey, level: 0 }))
    const attempt = { scratchPath: bench.folder } as Attempt
    const document = { comparedWith: null, segments, model: null }
    const files = [
      await putDocument(artifact, attempt, 'validation', document),
      await artifact.putFile({ role: 'rows', shard: 0, extension: '.parquet', ...rows }),
    ]
    await artifact.commit(files, {})
  } finally {
    await session.close()
  }
  return { told: told(name), validateUri: artifact.uri, featuresUri: undefined, publishedAs: null }
}

/** Customers by pair of segments, whatever the reason. */
function matrixOf(transitions: readonly Transition[], isTransposed = false): Readonly<Record<string, number>> {
  const matrix: Record<string, number> = {}
  for (const { fromSegmentKey, toSegmentKey, customers } of transitions) {
    const pair = isTransposed ? [toSegmentKey, fromSegmentKey] : [fromSegmentKey, toSegmentKey]
    matrix[pair.join(' > ')] = (matrix[pair.join(' > ')] ?? 0) + customers
  }
  return matrix
}

const valueOf = ({ comparison }: RunDiff, measure: string, subject: string | null = null): number | undefined =>
  comparison.find((one) => one.measure === measure && one.subject === subject)?.value

const inOrder = (measures: readonly ComparisonMeasure[]): readonly ComparisonMeasure[] =>
  measures.toSorted((a, b) => (`${a.measure} ${a.subject}` < `${b.measure} ${b.subject}` ? -1 : 1))

describe('a diff, whoever is where', { timeout: 600_000 }, () => {
  it('is that of the two runs the other way round, transposed', async () => {
    await fc.assert(
      fc.asyncProperty(members, members, async (one, other) => {
        const [a, b] = [await commitMembers(one), await commitMembers(other)]
        const [there, back] = [await diff(a, b), await diff(b, a)]
        expect(matrixOf(back.transitions, true)).toEqual(matrixOf(there.transitions))
        expect([back.customersBefore, back.customers]).toEqual([there.customers, there.customersBefore])
        expect([back.panel, back.moved]).toEqual([there.panel, there.moved])
        expect([back.appeared, back.ended]).toEqual([there.ended, there.appeared])
        expect([valueOf(back, 'new'), valueOf(back, 'lost')]).toEqual([valueOf(there, 'lost'), valueOf(there, 'new')])
        for (const measure of ['adjusted_rand', 'adjusted_mutual_information', 'variation_of_information']) {
          const [forth, returned] = [valueOf(there, measure), valueOf(back, measure)]
          if (forth === undefined) expect(returned).toBeUndefined()
          else expect(returned).toBeCloseTo(forth, 9)
        }
        for (const key of new Set(Object.values({ ...one, ...other })))
          if (valueOf(there, 'jaccard', key) !== undefined && valueOf(back, 'jaccard', key) !== undefined)
            expect(valueOf(back, 'jaccard', key)).toBeCloseTo(valueOf(there, 'jaccard', key)!, 12)
      }),
      { numRuns: propertyRuns(8) },
    )
  })

  it('with itself has no moves, and agrees in full', async () => {
    await fc.assert(
      fc.asyncProperty(members, async (one) => {
        const same = await diff(await commitMembers(one), await commitMembers(one))
        expect(same).toMatchObject({ moved: 0, appeared: [], ended: [], panel: Object.keys(one).length })
        expect(same.transitions.every((step) => step.fromSegmentKey === step.toSegmentKey)).toBe(true)
        expect(valueOf(same, 'adjusted_rand')).toBe(1)
        expect(valueOf(same, 'variation_of_information')).toBeCloseTo(0, 12)
        expect(same.lineage.filter(({ kind, overlap }) => kind === 'survived' && overlap === 1)).toHaveLength(
          new Set(Object.values(one)).size,
        )
      }),
      { numRuns: propertyRuns(5) },
    )
  })

  it('counts everybody of both runs once', async () => {
    await fc.assert(
      fc.asyncProperty(members, members, async (one, other) => {
        const { transitions } = await diff(await commitMembers(one), await commitMembers(other))
        // By hand, a customer at a time.
        const counted: Record<string, number> = {}
        for (const id of new Set([...Object.keys(one), ...Object.keys(other)])) {
          const pair = [one[id] ?? null, other[id] ?? null].join(' > ')
          counted[pair] = (counted[pair] ?? 0) + 1
        }
        expect(matrixOf(transitions)).toEqual(counted)
      }),
      { numRuns: propertyRuns(8) },
    )
  })
})
