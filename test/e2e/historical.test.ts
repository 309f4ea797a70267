import { GetObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Of } from './published-content.ts'
import type { TestProject } from './project.ts'
import { openShop } from './shop.ts'

const PRESENT = [
  'select * from customer_segments order by customer_id',
  'select * from audience_members order by 1, 2',
  "select segment_key, name, status, customers from segments where status <> 'retired' order by 1",
  'select publication_id from pipeline',
]

describe('a run of the past', () => {
  let project: TestProject
  let before: unknown

  beforeAll(async () => {
    project = await openShop('past')
    await project.startWorker()
    await project.run(['shop', '--as-of', '2026-07-01'])
    await project.run(['shop', '--as-of', '2026-10-01'])
    before = await present(project)
  })
  afterAll(() => project.close())

  it('is refused, and told of the way into the history', async () => {
    const refused = await project.cli(['run', 'shop', '--as-of', '2026-09-01'])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--historical') as string })
    const present = await project.cli(['run', 'shop', '--as-of', '2026-10-01', '--revision', 'next', '--historical'])
    expect(present).toMatchObject({ code: 1, stderr: expect.stringContaining('NotHistorical') as string })
    expect((await project.cli(['run', 'shop', '--historical'])).code).toBe(2)
  })

  it('takes its place between its neighbours, compared with the one before it', async () => {
    const filled = await project.run(['shop', '--as-of', '2026-09-01', '--revision', 'next', '--historical'])
    expect(filled).toMatchObject({ status: 'published', revision: 2 })
    expect(filled.moved).not.toBeNull()
    expect(await present(project)).toEqual(before)
    expect(await sizesOn(project, '2026-09-15')).toEqual(sizesOf(filled.segments))
    const [folder] = await project.sql<{ manifest_uri: string }>(
      "select manifest_uri from runs where is_historical and status = 'published'",
    )
    expect(folder!.manifest_uri).toContain('run=shop@2026-09-01~2/')
  })

  it('before the first of all has the keys of the one after it, and everybody is new', async () => {
    const filled = await project.run(['shop', '--as-of', '2026-04-01', '--historical'])
    expect(filled).toMatchObject({ status: 'published', moved: null })
    const known = await project.sql<{ segment_key: string }>(
      "select segment_key from segment_profiles where run_key = 'shop@2026-07-01' group by 1",
    )
    expect(
      filled.segments.filter((one) => known.some(({ segment_key }) => segment_key === one.segmentKey)),
    ).not.toEqual([])
    expect(
      await project.sql(
        "select distinct event, move_reason from segment_events where is_historical and run_key = 'shop@2026-04-01'",
      ),
    ).toEqual([{ event: 'entered', move_reason: 'new' }])
    expect(await sizesOn(project, '2026-05-01')).toEqual(sizesOf(filled.segments))
    expect(await present(project)).toEqual(before)
  })

  it('does not stand in the way of the next run, which is compared with what is live', async () => {
    const next = await project.run(['shop', '--as-of', '2026-10-15'])
    expect(next.status).toBe('published')
    const [compared] = await project.sql<{ compared_with: string }>(
      "select distinct compared_with from run_comparisons where run_key = 'shop@2026-10-15'",
    )
    expect(compared!.compared_with).toBe('shop@2026-10-01~1')
  })
})

async function present(project: TestProject): Promise<unknown> {
  const client = s3Of(project)
  const latest = await client.send(
    new GetObjectCommand({ Bucket: `segments-${project.target}`, Key: `${project.target}/shop/latest.json` }),
  )
  const pointer = await latest.Body!.transformToString()
  client.destroy()
  return [pointer, ...(await Promise.all(PRESENT.map((query) => project.sql(query))))]
}

async function sizesOn(project: TestProject, day: string): Promise<unknown> {
  const rows = await project.sql<{ segment_key: string; customers: number }>(`
    select segment_key, count(*)::int as customers from customer_segment_history
    where valid_from <= '${day}' and (valid_to > '${day}' or valid_to is null) group by 1`)
  return Object.fromEntries(rows.map((row) => [row.segment_key, row.customers]))
}

function sizesOf(segments: readonly { segmentKey: string; customers: number }[]): Record<string, number> {
  return Object.fromEntries(segments.map((one) => [one.segmentKey, one.customers]))
}
