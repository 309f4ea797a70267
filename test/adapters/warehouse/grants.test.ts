import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantStatements } from '../../../src/adapters/warehouse/grants.ts'
import { makeLedger, type WarehouseLedger } from '../../../src/adapters/warehouse/ledger.ts'
import { migrate } from '../../../src/adapters/warehouse/migrate.ts'
import { makeTags } from '../../../src/adapters/warehouse/tags.ts'
import { makeWarehouse, type Warehouse } from '../../../src/adapters/warehouse/warehouse.ts'
import { formatRunId } from '../../../src/run/run-key.ts'
import { makeCandidate, members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const years = Array.from({ length: 10 }, (_, index) => `20${20 + index}-01-01T00:00:00.000Z`)
const PASSWORD = 'only-here'

describe('with the printed grants', () => {
  let target: FreshSchema
  let reader: pg.Client
  let warehouse: Warehouse
  let ledger: WarehouseLedger
  let roles: Record<'reader' | 'publisher' | 'analyst' | 'worker', string>
  const before = { runId: '', members: members('a shop-1, b shop-2') }

  beforeAll(async () => {
    target = await openFreshSchema()
    const { schema } = target
    // Names that have to be quoted.
    roles = {
      reader: `Reader's "${schema}"`,
      publisher: `Publisher's "${schema}"`,
      analyst: `analyst_${schema}`,
      worker: `worker_${schema}`,
    }
    // One publication came out before the roles were there: what it made belongs to who made it.
    await publishAs(target.warehouse, 0)
    const statements = grantStatements({ schema, ...roles })
    for (const statement of [...statements, ...statements]) await target.query(statement)
    for (const [login, role] of [
      [roles.analyst, roles.reader],
      [roles.worker, roles.publisher],
    ] as const) {
      await target.query(`create role ${login} login password '${PASSWORD}'`)
      await target.query(`grant ${pg.escapeIdentifier(role)} to ${login}`)
    }
    const options = { connectionString: as(roles.worker), schema }
    warehouse = makeWarehouse(options)
    ledger = makeLedger(options)
    reader = new pg.Client({ connectionString: as(roles.analyst) })
    await reader.connect()
    await reader.query(`set search_path to ${schema}`)
  })
  afterAll(async () => {
    await Promise.all([reader.end(), warehouse.close(), ledger.close()])
    for (const role of Object.values(roles)) await target.query(`drop owned by ${pg.escapeIdentifier(role)} cascade`)
    for (const role of Object.values(roles)) await target.query(`drop role ${pg.escapeIdentifier(role)}`)
    await target.close()
  })

  it('a publisher publishes, drops old values, freezes, rolls back and records runs', async () => {
    for (const year of years.keys()) if (year > 0) await publishAs(warehouse, year)
    expect(await target.scorePartitions()).toHaveLength(8)
    const point = await warehouse.findReturnPoint('shop', undefined)
    await warehouse.rollBack('shop', { from: point.from, to: point.run, by: 'crm', reason: 'wrong' })
    const tags = makeTags({ connectionString: as(roles.worker), schema: target.schema })
    await tags.add({ pipeline: 'shop', name: 'winter', ...point.run, by: 'crm' })
    expect(await tags.remove('shop', 'winter')).toBe(true)
    await tags.close()
    expect((await ledger.publishedState('shop')).live?.runKey).toBe('shop@2028-01-01')
  })

  it('a publisher cannot change the schema, nor what is not of resegment', async () => {
    await expect(migrateAnew()).rejects.toMatchObject({ type: 'PermissionDenied' })
    const client = new pg.Client({ connectionString: as(roles.worker) })
    await client.connect()
    await expect(client.query(`drop view ${target.schema}.customer_segments`)).rejects.toMatchObject({ code: '42501' })
    await expect(client.query(`drop table ${target.schema}.membership_open`)).rejects.toMatchObject({ code: '42501' })
    await client.end()
  })

  it('a reader reads every view, also one that a worker made since, and no table', async () => {
    await publishAs(warehouse, 0, 'toys')
    const { rows } = await reader.query<{ name: string; kind: string }>(
      `select relname as name, relkind as kind from pg_class
      where relnamespace = '${target.schema}'::regnamespace and relkind in ('v', 'r', 'p', 'S')`,
    )
    const names = rows.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['shop_customers', 'toys_customers', 'segment_snapshots', 'run']))
    for (const { name, kind } of rows)
      if (kind === 'v') await reader.query(`select * from ${name}`)
      else await expect(reader.query(`select * from ${name}`), name).rejects.toMatchObject({ code: '42501' })
    expect((await reader.query('select * from customer_segments')).rowCount).toBe(4)
    await expect(reader.query('create table mine (a text)')).rejects.toMatchObject({ code: '42501' })
  })

  async function publishAs(destination: Warehouse, year: number, pipeline = 'shop'): Promise<void> {
    const candidate = await makeCandidate(target, {
      pipeline,
      asOf: years[year]!,
      members: before.members,
      ...(year > 0 && { before }),
    })
    await destination.publish(target.session, candidate, () => undefined)
    if (pipeline === 'shop') before.runId = formatRunId(candidate.plan)
  }

  function as(role: string): string {
    const url = new URL(target.connectionString)
    url.username = role
    url.password = PASSWORD
    return url.href
  }

  /** As if this version had one more migration. */
  async function migrateAnew(): Promise<unknown> {
    await target.query(`create table migration_kept as select * from migration`)
    await target.query(`delete from migration where name = '0022-said-nulls'`)
    try {
      return await migrate({ connectionString: as(roles.worker), schema: target.schema })
    } finally {
      await target.query(`insert into migration select * from migration_kept on conflict do nothing`)
      await target.query(`drop table migration_kept`)
    }
  }
})
