import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from './project.ts'
import { openShop } from './shop.ts'

const SOURCE = 'crm_of_adopt.customer_groups'
/** Of the 300 of the shop those who bought before the as-of of the run in the other target. */
const CUSTOMERS = 275
/** Any run of the shop would find these groups: they are those of a run in another target. */
const MAKE_SOURCE = `
  create schema if not exists crm_of_adopt;
  drop table if exists ${SOURCE};
  create table ${SOURCE} as
    select customer_id as id, segment_name as grp from customer_segments`

describe('segments that were made elsewhere', () => {
  let elsewhere: TestProject
  let project: TestProject
  const adopt = (...args: string[]) => project.cli(['adopt', 'shop', '--as-of', '2026-04-01', ...args])
  const fromTable = ['--from', SOURCE, '--customer', 'id', '--segment', 'grp']

  beforeAll(async () => {
    elsewhere = await openShop('adopt')
    await elsewhere.startWorker()
    await elsewhere.run(['shop', '--as-of', '2026-07-01'])
    await elsewhere.sql(MAKE_SOURCE)
    project = elsewhere.as('dev', 'segmentation_adopt_dev')
    await project.cli(['migrate'])
    await project.startWorker()
  }, 180_000)
  afterAll(() => elsewhere.close())

  it.each([
    {
      problem: 'a column that is not there',
      args: ['--from', SOURCE, '--customer', 'id'],
      says: `${SOURCE} has no column segment. It has: id, grp.`,
    },
    {
      problem: 'a table that is not there',
      args: ['--from', 'crm_of_adopt.missing'],
      says: 'crm_of_adopt.missing',
    },
    { problem: 'a day to come', args: [...fromTable, '--as-of', '2999-01-01'], says: '2999-01-01 is not there yet' },
    { problem: 'nobody to ask', args: fromTable, says: 'Add --yes' },
  ])('are refused for $problem', async ({ args, says }) => {
    const refused = await adopt(...args)
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain(says)
    expect(await project.sql('select from customer_segments')).toEqual([])
  })

  it('are refused when a customer is in two of them', async () => {
    await project.sql(`create table crm_of_adopt.twice as
      select id, grp from ${SOURCE} union all select min(id), 'another' from ${SOURCE}`)
    const refused = await adopt('--from', 'crm_of_adopt.twice', '--customer', 'id', '--segment', 'grp', '--yes')
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('1 customers are in more than one segment') as string,
    })
  })

  it('are shown before anything is published', async () => {
    const shown = await adopt(...fromTable, '--dry-run')
    expect(shown.stdout).toContain('275 customers in 4 segments.')
    expect(shown.stdout).toContain('Nothing was published.')
    expect(await project.sql('select from runs')).toEqual([])
  })

  it('become the first publication, names kept, the largest first', async () => {
    const adopted = await adopt(...fromTable, '--yes', '--reason', 'As in the CRM', '--by', 'ada')
    expect(adopted.code, adopted.stderr).toBe(0)
    expect(adopted.stdout).toContain('Published as shop@2026-04-01.adopted~1.')
    const sizes = `select name, customers::int from (select grp as name, count(*) as customers from ${SOURCE} group by grp) g
      order by customers desc, name collate "C"`
    const published = await project.sql<{ segment_key: string }>(
      'select segment_key, name, customers::int from segments order by segment_key',
    )
    expect(published.map(({ segment_key: _key, ...rest }) => rest)).toEqual(await project.sql(sizes))
    expect(published.map(({ segment_key }) => segment_key)).toEqual(['shop-1', 'shop-2', 'shop-3', 'shop-4'])
    expect(
      await project.sql(
        `select from customer_segments s join ${SOURCE} g on g.id = s.customer_id and g.grp = s.segment_name`,
      ),
    ).toHaveLength(CUSTOMERS)
    expect(await project.sql('select kind, status, is_live, as_of from runs')).toEqual([
      { kind: 'adopted', status: 'published', is_live: true, as_of: new Date('2026-03-31T22:00:00Z') },
    ])
    expect(await project.sql('select event, actor, reason from run_events')).toEqual([
      { event: 'adopted', actor: 'ada', reason: 'As in the CRM' },
    ])
    const described = await project.cli(['describe', 'shop@2026-04-01.adopted'])
    expect(described.stdout).toContain('published')
  })

  it('are adopted once', async () => {
    const again = await adopt(...fromTable, '--yes')
    expect(again.code, again.stderr).toBe(0)
    expect(await project.sql('select from run_events')).toHaveLength(1)
  })

  // The run finds the very groups that were adopted, so that each goes on under its key and nobody moves.
  it('are what the first run is compared with', async () => {
    const run = await project.run(['shop', '--as-of', '2026-07-01'])
    expect(run).toMatchObject({ status: 'published', moved: 0 })
    expect(await project.sql('select distinct kind from segment_lineage order by kind')).toEqual([
      { kind: 'appeared' },
      { kind: 'survived' },
    ])
    expect(
      await project.sql(
        `select from customer_segments s join ${SOURCE} g on g.id = s.customer_id and g.grp = s.segment_name`,
      ),
    ).toHaveLength(CUSTOMERS)
    const [since] = await project.sql<{ since: Date }>('select distinct since from customer_segments')
    expect(since?.since).toEqual(new Date('2026-03-31T22:00:00Z'))
  }, 120_000)

  it('are not adopted over what a run has published', async () => {
    const refused = await adopt(...fromTable, '--yes')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('shop@2026-07-01~1') as string })
  })
})
