import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { TestProject } from './project.ts'
import { openShop } from './shop.ts'

const SEGMENTS = 'select segment_key, name, first_as_of from segments order by 1'

describe('a pipeline that does not always refit', () => {
  let project: TestProject
  let first: RunStatus

  const edit = (from: string, to: string): void => {
    const yaml = project.read('pipelines/shop.yaml')
    expect(yaml).toContain(from)
    project.write('pipelines/shop.yaml', yaml.replace(from, to))
  }

  beforeAll(async () => {
    project = await openShop('refit', {
      pipeline: {
        features: '[recency, frequency, monetary, averageOrderValue, trend]',
        cluster: '{ count: 4, starts: 2, seed: 7, refit: onDrift }',
      },
    })
    await project.startWorker()
    first = await project.run(['shop', '--as-of', '2026-07-01'])
  }, 300_000)
  afterAll(() => project.close())

  it('fits while nothing is published', () => {
    expect(first).toMatchObject({ status: 'published', refit: { isRefit: true, ground: 'nothing-live' } })
  })

  it('keeps the model while the customers are as they were, and says so in describe', async () => {
    const segments = await project.sql(SEGMENTS)
    const second = await project.run(['shop', '--as-of', '2026-07-15'])
    expect(second).toMatchObject({
      ...{ runKey: 'shop@2026-07-15', kind: 'refit', status: 'published' },
      refit: { isRefit: false, ground: 'no-drift' },
    })
    expect(second.refit!.text).toContain('Kept the model of shop@2026-07-01~1 (2026-Q2): ')
    expect(await project.sql(SEGMENTS)).toEqual(segments)
    expect((await project.cli(['describe', 'shop@2026-07-15'])).stdout).toContain(second.refit!.text)
    const moves = await project.sql<{ move_reason: string }>(
      "select distinct move_reason from segment_transitions where run_key = 'shop@2026-07-15' and move_reason is not null",
    )
    const allowed = ['new', 'returned', 'lost', 'behaviour']
    expect(moves.filter(({ move_reason: reason }) => !allowed.includes(reason))).toEqual([])
  }, 240_000)

  it('refits when they drifted: nobody has bought for half a year', async () => {
    const drifted = await project.run(['shop', '--as-of', '2027-07-01', '--dry-run'])
    expect(drifted.refit).toMatchObject({ isRefit: true, ground: 'drift' })
    expect(drifted.refit!.text).toMatch(
      /^Refitted, because .*recency drifted \d+\.\d\d > 0\.25.* since shop@2026-07-01~1/,
    )
  }, 240_000)

  it('with never, keeps the model in spite of drift, until a person asks', async () => {
    edit('refit: onDrift', 'refit: never')
    const kept = await project.run(['shop', '--as-of', '2027-07-01', '--dry-run'])
    expect(kept).toMatchObject({ status: 'dry_run', refit: { isRefit: false, ground: 'policy' } })
    expect(kept.checks.find(({ gate }) => gate === 'segmentShift')!.value).toBeGreaterThan(0)
    const asked = await project.run(['shop', '--as-of', '2026-10-01', '--refit', 'always', '--dry-run'])
    expect(asked.refit).toBeUndefined()
  }, 300_000)

  it('with never, refuses features that the model does not know', async () => {
    edit('trend]', 'tenure]')
    const refused = await project.cli(['run', 'shop', '--as-of', '2026-10-01'])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('NothingToScoreWith') as string })
    expect(refused.stderr).toContain('resegment run shop --refit always')
  }, 240_000)
})
