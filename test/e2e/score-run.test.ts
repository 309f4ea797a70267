import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { SimilarCustomers } from '../../src/wiring/similar-customers.ts'
import type { TestProject } from './project.ts'
import { openShop } from './shop.ts'

interface Member {
  readonly customer_id: string
  readonly segment_key: string
  readonly distance: number
  readonly confidence: number
}

const MEMBERS = 'select customer_id, segment_key, distance, confidence from customer_segments order by customer_id'

describe('score runs between refits', () => {
  let project: TestProject
  let refit: RunStatus

  beforeAll(async () => {
    project = await openShop('scored')
    const yaml = project.read('pipelines/shop.yaml')
    // A composition has the columns of its levels: those of the model, whatever is bought since.
    project.write(
      'pipelines/shop.yaml',
      yaml.replace('  - distinctCategories\n', '  - distinctCategories\n  - categoryShares\n'),
    )
    await project.startWorker()
  })
  afterAll(() => project.close())

  it('need something to place customers with', async () => {
    const refused = await project.cli(['run', 'shop', '--score', '--as-of', '2026-10-01'])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('NothingToScoreWith') as string })
    expect(refused.stderr).toContain('resegment run shop --as-of 2026-09-30T22:00:00Z --score --revision next')
    refit = await project.run(['shop', '--as-of', '2026-10-01'])
    expect(refit).toMatchObject({ kind: 'refit', status: 'published' })
  })

  it('move nobody at the instant of the refit: everybody is where the fit had them', async () => {
    const fitted = await project.sql<Member>(MEMBERS)
    const scored = await project.run(['shop', '--score', '--as-of', '2026-10-01', '--revision', 'next'])
    expect(scored).toMatchObject({ runKey: 'shop@2026-10-01.score', kind: 'score', status: 'published', moved: 0 })
    expect(await project.sql<Member>(MEMBERS)).toEqual(fitted)
  })

  it('place who came since, by the segments that there are, under the names they have', async () => {
    const known = await project.sql('select segment_key, name, description, criteria, status from segments order by 1')
    const scored = await project.run(['shop', '--score', '--as-of', '2026-10-15'])
    expect(scored).toMatchObject({ kind: 'score', status: 'published', period: '2026-10-15' })
    expect(scored.checks.map(({ gate }) => gate)).toContain('outlierShare')
    expect(
      await project.sql('select segment_key, name, description, criteria, status from segments order by 1'),
    ).toEqual(known)
    const reasons = await project.sql<{ move_reason: string }>(
      "select distinct move_reason from segment_transitions where run_key = 'shop@2026-10-15.score' and move_reason is not null",
    )
    const allowed = ['new', 'returned', 'lost', 'behaviour']
    expect(reasons.filter(({ move_reason }) => !allowed.includes(move_reason))).toEqual([])
    // The first looked from the instant of the refit; the second from a later one.
    expect(await project.sql('select kind, status from runs order by as_of, kind')).toEqual([
      { kind: 'refit', status: 'superseded' },
      { kind: 'score', status: 'published' },
      { kind: 'score', status: 'published' },
    ])
    expect(await project.sql("select * from model_selection where run_key = 'shop@2026-10-15.score'")).toEqual([])
  })

  it('leave customers that can be compared one to one', async () => {
    const [someone] = await project.sql<Member>(MEMBERS)
    const { code, stdout } = await project.cli(['similar', 'shop', someone!.customer_id, '--count', '4', '--json'])
    expect(code).toBe(0)
    const found = JSON.parse(stdout) as SimilarCustomers & { readonly run: string }
    expect(found).toMatchObject({ run: 'shop@2026-10-15.score~1', segmentKey: someone!.segment_key })
    expect(found.similar).toHaveLength(4)
    const distances = found.similar.map(({ distance }) => distance)
    expect(distances).toEqual(distances.toSorted((a, b) => a - b))
    expect(found.similar.every(({ alike, different }) => alike.length === 3 && different.length <= 3)).toBe(true)
    const nobody = await project.cli(['similar', 'shop', 'nobody'])
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('CustomerNotFound') as string })
  })
})
