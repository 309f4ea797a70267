import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSyncLedger } from '../../../src/adapters/warehouse/activation/sync-ledger.ts'
import { makeExperiments } from '../../../src/adapters/warehouse/experiments.ts'
import { makeErasures } from '../../../src/adapters/warehouse/privacy/erasures.ts'
import { makeSuppressions } from '../../../src/adapters/warehouse/privacy/suppressions.ts'
import {
  keptTables,
  makeWarehouseStore,
  type WarehouseStore,
} from '../../../src/adapters/warehouse/privacy/warehouse-store.ts'
import { makeTags } from '../../../src/adapters/warehouse/tags.ts'
import { members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const { signal } = new AbortController()
const ID = 'UNMISTAKABLE-7'

describe('the warehouse as a store of customers', () => {
  let target: FreshSchema
  let store: WarehouseStore
  beforeEach(async () => {
    target = await openFreshSchema()
    store = makeWarehouseStore(target)
  })
  afterEach(async () => {
    await store.close()
    await target.close()
  })

  it('knows every table that has a column about a customer', async () => {
    const tables = await target.query<{ table_name: string; column_name: string; is_view: boolean }>(`
      select c.relname as table_name, a.attname as column_name, c.relkind = 'v' as is_view
      from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attnum > 0 and not a.attisdropped and (a.attname like '%customer%' or a.attname like '%subject%' or a.attname like '%member%')
      order by 1, 2`)
    /** By id or by the ledger's hash: `erase` removes such rows. */
    const erased = (table: string, column: string): boolean =>
      (column === 'customer_id' && !(table in keptTables)) ||
      (table === 'destination_effect' && column === 'customer_hash')
    const left: Readonly<Record<string, string>> = {
      'erasure.customer_hashes': 'the evidence: keyed hashes',
      'erasure_subject.customer_id': keptTables.erasure_subject!,
      'comparison_measure.subject': 'a segment or a feature',
      'validation_check.subject': 'a segment or a feature',
      'suppression.customer_hash': 'keeps them out for good: a keyed hash',
      ...Object.fromEntries(
        [
          'effectiveness',
          'publication',
          'publication_segment',
          'segment',
          'segment_campaign',
          'segment_kpi',
          'snapshot',
          'transition',
          'validation_check',
          'withdrawal',
        ].map((table) => [`${table}.customers`, 'a count, which stays as it was published']),
      ),
    }
    const unknown = tables.filter(
      ({ table_name: table, column_name: column }) => !erased(table, column) && !(`${table}.${column}` in left),
    )
    expect(unknown).toEqual([])
  })

  it('finds a customer in whatever table there is, and nothing after it has erased; counts stay as published', async () => {
    const first = members(`${ID} shop-1, b shop-2`)
    const { runId } = await target.publish({ asOf: '2026-04-01T00:00:00.000Z', members: first })
    const second = members(`${ID} shop-2, b shop-2`)
    const before = { runId, members: first }
    const next = await target.publish({ asOf: '2026-07-01T00:00:00.000Z', members: second, before })
    await target.publish({
      ...{ asOf: '2026-07-01T00:00:00.000Z', revision: 2, members: members('b shop-2') },
      before: { runId: next.runId, members: second },
    })
    const tags = makeTags(target)
    await tags.add({ pipeline: 'shop', name: 'spring', by: 'crm', runKey: 'shop@2026-04-01', revision: undefined })
    await tags.close()
    await drawSpring(target, [ID, 'b'])
    const ledger = makeSyncLedger({ ...target, ledgerKey: undefined })
    const sync = { pipeline: 'shop', destination: 'crm', runKey: 'shop@2026-07-01', revision: 2, by: null, full: null }
    const interest = { triggers: null, segments: null }
    const facts = { batchSize: 10, tells: 'changes', isNew: false, workflowId: 'w', temporalRunId: 't' } as const
    await ledger.plan({ ...sync, interest, ...facts })
    await ledger.close()
    const counts = (): Promise<unknown[]> =>
      target.query(
        `select pipeline, run_key, revision, from_segment_key, to_segment_key, customers from segment_transitions order by 2, 3, 4, 5`,
      )
    const published = await counts()

    const found = new Set<string>()
    for await (const row of store.find([ID], signal)) {
      expect(row.customerId).toBe(ID)
      found.add(row.where)
    }
    expect([...found].sort()).toEqual([
      ...['destination_effect', 'experiment_member', 'membership_closed', 'membership_replaced'],
      ...['membership_score', 'snapshot_member'],
    ])
    const erased = await store.erase([ID], signal)
    expect(erased.places).toHaveLength(6)
    expect(await store.erase([ID], signal)).toEqual({ rows: 0, places: [] })
    for await (const row of store.find([ID], signal)) expect(row).toBeUndefined()
    expect(await counts()).toEqual(published)
  })

  it('of a snapshot that is made later has nobody who objected', async () => {
    await target.publish({ asOf: '2026-04-01T00:00:00.000Z', members: members('a shop-1, b shop-2') })
    const suppressions = makeSuppressions(target)
    await suppressions.add({ customerIds: ['a'], pipelines: null, by: 'crm', reason: 'objected' })
    await suppressions.close()
    const tags = makeTags(target)
    const { tag } = await tags.add({
      pipeline: 'shop',
      name: 'spring',
      by: 'crm',
      runKey: 'shop@2026-04-01',
      revision: undefined,
    })
    await tags.close()
    expect(tag.customers).toBe(1)
    expect(await target.query('select customer_id from segment_snapshots')).toEqual([{ customer_id: 'b' }])
  })

  it('of an experiment keeps whom it drew first, without who objected, and knows what is live', async () => {
    await target.publish({ asOf: '2026-04-01T00:00:00.000Z', members: members('a shop-1, b shop-2, c shop-2') })
    const suppressions = makeSuppressions(target)
    await suppressions.add({ customerIds: ['a'], pipelines: null, by: 'crm', reason: 'objected' })
    await suppressions.close()
    expect(await drawSpring(target, ['a', 'b'])).toBe(true)
    expect(await drawSpring(target, ['c'])).toBe(false)
    expect(await target.query('select experiment, customer_id, arm, run_key from experiment_assignments')).toEqual([
      { experiment: 'spring', customer_id: 'b', arm: 'offer', run_key: 'shop@2026-04-01' },
    ])
    const experiments = makeExperiments(target)
    expect((await experiments.members('spring')).map(({ customerId }) => customerId)).toEqual(['b'])
    expect(await experiments.find('spring')).toMatchObject({ pipeline: 'shop', arms: [{ name: 'offer', share: 1 }] })
    expect(await experiments.find('autumn')).toBeUndefined()
    const live = await experiments.live('shop')
    expect(live).toMatchObject({ runKey: 'shop@2026-04-01' })
    const baselines = await experiments.baselines('shop', null)
    expect(baselines.reduce((sum, { customers }) => sum + customers, 0)).toBe(live!.customers.length)
    expect(baselines[0]).toMatchObject({ mean: null, isShare: false })
    await experiments.close()
  })

  it('keeps the ids of a request for as long as it takes, and asks for the key that hashes were made with', async () => {
    const own = makeErasures(target)
    const wish = { customerIds: [ID, ID], by: 'crm', reason: 'asked for it' }
    const { requestId, customers, dueAt, askedAt } = await own.ask(wish)
    expect(customers).toBe(1)
    const month = (Date.parse(dueAt) - Date.parse(askedAt)) / 86_400_000
    expect(month).toBeGreaterThanOrEqual(28)
    expect(month).toBeLessThanOrEqual(31)
    const unfinished = await own.ask(wish)
    expect(await own.customerIds(requestId)).toEqual([ID])
    await own.finish(requestId, { stores: [{ store: 'warehouse', rows: 1, places: 1 }], remarks: ['All told.'] })
    expect(await own.customerIds(requestId)).toEqual([])
    // An earlier request of the same customers that never finished holds their ids no longer either.
    expect(await own.customerIds(unfinished.requestId)).toEqual([])
    expect(
      await target.query(`select customers::int, stores, remarks from erasures where finished_at is not null`),
    ).toEqual([{ customers: 1, stores: [{ store: 'warehouse', rows: 1, places: 1 }], remarks: ['All told.'] }])
    await own.close()
    const other = makeErasures({ ...target, privacyKey: 'another key' })
    await expect(other.ask(wish)).rejects.toMatchObject({
      type: 'ConfigInvalid',
      message: expect.stringContaining('RESEGMENT_PRIVACY_KEY') as string,
    })
    await other.close()
  })
})

/** @returns whether there was none of this name */
async function drawSpring(target: FreshSchema, customerIds: readonly string[]): Promise<boolean> {
  const experiments = makeExperiments(target)
  const experiment = {
    ...{ name: 'spring', pipeline: 'shop', runKey: 'shop@2026-04-01' },
    arms: [{ name: 'offer', share: 1 }],
  }
  const drawn = customerIds.map((customerId) => ({
    ...{ customerId, segmentKey: 'shop-2', segmentName: 'two', arm: 'offer' },
  }))
  try {
    return await experiments.keep(experiment, drawn, 'crm')
  } finally {
    await experiments.close()
  }
}
