import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTable } from '../../../src/adapters/destinations/table/table.ts'
import type { Delivery } from '../../../src/ports/activation.ts'
import { useStack } from '../../use-stack.ts'
import { describeDestination } from './destination.contract.ts'

async function openSchema() {
  const connectionString = (await useStack()).endpoints.warehouse
  const schema = `d_${randomUUID().slice(0, 8)}`
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(`create schema ${schema}`)
  const close = async (): Promise<void> => {
    await client.query(`drop schema if exists ${schema} cascade`)
    await client.query(`drop role if exists ${schema}`)
    await client.end()
  }
  return { connectionString, schema, client, close }
}

describeDestination('table', async () => {
  const { connectionString, schema, client, close } = await openSchema()
  const table = `${schema}.members`
  // A user of its own, whose rights can be taken.
  await client.query(`create role ${schema} login password 's3cret'; grant all on schema ${schema} to ${schema}`)
  const url = new URL(connectionString)
  ;[url.username, url.password] = [schema, 's3cret']
  return {
    destination: makeTable({ connectionString: url.href, secret: 'APP_URL', table }),
    async members() {
      const { rows } = await client.query<{ customer_id: string; segment_key: string }>(`select * from ${table}`)
      return new Map(rows.map((row) => [row.customer_id, row.segment_key]))
    },
    // In the middle: the deletion has happened, the insertion ends the connection.
    breakOff: async (isBroken) => {
      await client.query(
        isBroken
          ? `create function ${schema}.die() returns trigger language plpgsql security definer as
              $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
            create trigger die before insert on ${table} for each row execute function ${schema}.die()`
          : `drop function ${schema}.die() cascade`,
      )
    },
    refuse: async () => {
      await client.query(`revoke all on schema ${schema} from ${schema}`)
    },
    async close() {
      await client.query(`drop schema ${schema} cascade`)
      await close()
    },
  }
})

describe('a table', () => {
  let scene: Awaited<ReturnType<typeof openSchema>>
  beforeAll(async () => {
    scene = await openSchema()
  })
  afterAll(() => scene.close())
  const options = { signal: new AbortController().signal, scratchPath: '' }
  const delivery: Delivery = {
    ...{ key: 'k', pipeline: 'shop', destination: 'app', runKey: 'shop@2026-10-01', revision: 1 },
    ...{ asOf: '2026-10-01T00:00:00.000Z', number: 1, count: 1, isFull: true },
    segments: [{ segmentKey: 'shop-1', name: 'Champions' }],
    effects: () => [{ id: '1', event: 'member', customerId: 'a', fromSegmentKey: null, toSegmentKey: 'shop-1' }],
  }

  it('says that it is new until it was told of members, and makes its own table', async () => {
    const table = makeTable({ ...scene, secret: 'APP_URL', table: `${scene.schema}.made` })
    expect(await table.isNew()).toBe(true)
    await table.deliver(delivery, options)
    expect(await table.isNew()).toBe(false)
    const { rows } = await scene.client.query(`select * from ${scene.schema}.made`)
    expect(rows).toEqual([
      {
        ...{ pipeline: 'shop', customer_id: 'a', segment_key: 'shop-1', segment_name: 'Champions' },
        ...{ run: 'shop@2026-10-01~1', as_of: new Date('2026-10-01T00:00:00.000Z') },
      },
    ])
    await table.close()
  })

  it('holds several pipelines side by side, and follows the names of segments', async () => {
    const table = makeTable({ ...scene, secret: 'APP_URL', table: `${scene.schema}.both` })
    await table.deliver(delivery, options)
    await table.deliver({ ...delivery, pipeline: 'club' }, options)
    const renamed = [{ segmentKey: 'shop-1', name: 'Heroes' }]
    await table.deliver({ ...delivery, isFull: false, segments: renamed, effects: () => [] }, options)
    const { rows } = await scene.client.query(`select pipeline, segment_name from ${scene.schema}.both order by 1`)
    expect(rows).toEqual([
      { pipeline: 'club', segment_name: 'Champions' },
      { pipeline: 'shop', segment_name: 'Heroes' },
    ])
    await table.close()
  })

  it('says what is wrong where the schema is missing', async () => {
    const table = makeTable({ ...scene, secret: 'APP_URL', table: 'nowhere.members' })
    await expect(table.deliver(delivery, options)).rejects.toMatchObject({ type: 'ConfigInvalid' })
    await table.close()
  })
})
