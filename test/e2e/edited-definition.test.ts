import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { TestProject } from './project.ts'
import { openShop, shopPipeline } from './shop.ts'

const HOLD = '{ membershipChurn: { hold: { above: 0 } } }'

describe('a definition that asks for other features than what is live', () => {
  let project: TestProject
  let held: RunStatus
  beforeAll(async () => {
    project = await openShop('edited')
    await project.startWorker()
    await project.run(['shop', '--as-of', '2026-07-01'])
    const edited = { features: '[{ monetary: { window: 6 months } }, tenure, frequency]', validate: HOLD }
    project.write('pipelines/shop.yaml', shopPipeline(edited))
    held = await project.run(['shop', '--as-of', '2026-10-01'], 3)
  })
  afterAll(() => project.close())

  it('tells moves that people made from those that the edit made', () => {
    const reasons = new Set(held.moves!.largest.map(({ moveReason }) => moveReason))
    expect(reasons).toContain('definition')
    expect(reasons).toContain('behaviour')
    expect([...reasons].filter((reason) => ['boundary', 'relabel', 'merged'].includes(reason))).toEqual([])
  })

  it("publishes today's customers by the live model on the features that it was made from", async () => {
    expect(held.byLiveModel!.moved).toBeLessThan(held.moved!)
    const decided = await project.cli(['use-live-model', 'shop@2026-10-01', '--reason', 'Keep.', '--by', 'ada'])
    expect(decided.code, decided.stderr).toBe(0)
    await expect
      .poll(() => project.sql("select status from runs where run_key = 'shop@2026-10-01'"), { timeout: 60_000 })
      .toEqual([{ status: 'published' }])
    // Told by its features what a segment is: those of the live model.
    const features = await project.sql<{ feature: string }>(
      'select distinct feature from segment_profiles order by feature',
    )
    expect(features.map(({ feature }) => feature)).toEqual([
      'averageOrderValue',
      'frequency',
      'monetary',
      'recency',
      'tenure',
      'trend',
    ])
  })

  it('compares the next fit with all values that the live model was fitted on, as long as the store has them', async () => {
    // A quarter without an order: whatever customers did lies further back.
    const validate = '{ membershipChurn: {}, structuralChange: {}, featureDrift: {} }'
    project.write('pipelines/shop.yaml', shopPipeline({ validate }))
    await project.run(['shop', '--as-of', '2027-01-01'])
    const measures = await project.sql<{ measure: string; subject: string | null }>(
      `select measure, subject from run_comparisons where run_key = 'shop@2027-01-01' and measure like any (array['feature_ks%', 'mean_sq%', 'margin_median'])
       order by measure, subject`,
    )
    const subjectsOf = (name: string) => measures.flatMap(({ measure, subject }) => (measure === name ? [subject] : []))
    expect(subjectsOf('feature_ks')).toHaveLength(6)
    expect(subjectsOf('feature_ks_binned')).toEqual([])
    expect(subjectsOf('mean_squared_distance')).toEqual([null])
    expect(subjectsOf('margin_median')).toContain('stayed')
  })
})
