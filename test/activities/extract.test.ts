import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExtractOutput } from '../../src/activities/activities.ts'
import { useStack } from '../use-stack.ts'
import { ExtractBench, linesOf } from './extract-bench.ts'

let bench: ExtractBench
beforeAll(async () => {
  bench = await ExtractBench.open()
})
afterAll(() => bench.close())

const { columns } = linesOf
const csv = (...given: Parameters<ExtractBench['csv']>) => bench.csv(...given)

describe('extract', () => {
  it('maps columns and expressions to their canonical types', async () => {
    const { ref, counts, shardCount } = await bench.run(
      csv(['ann,2026-09-30 23:59:59,A1,3,0.125', ' bob ,2026-01-02,A2,-1,19.99']),
    )
    expect(await bench.query(ref, 'SELECT * EXCLUDE (bucket) FROM raw ORDER BY order_id')).toEqual([
      {
        customer_id: 'ann',
        occurred_at: '2026-09-30 23:59:59',
        order_id: 'A1',
        amount: 0.375,
        source_name: 'lines',
        type_faults: null,
      },
      {
        customer_id: 'bob',
        occurred_at: '2026-01-02 00:00:00',
        order_id: 'A2',
        amount: -19.99,
        source_name: 'lines',
        type_faults: null,
      },
    ])
    expect(await bench.query(ref, 'SELECT column_name AS c, column_type AS t FROM (DESCRIBE raw)')).toEqual([
      { c: 'bucket', t: 'INTEGER' },
      { c: 'customer_id', t: 'VARCHAR' },
      { c: 'occurred_at', t: 'TIMESTAMP' },
      { c: 'order_id', t: 'VARCHAR' },
      { c: 'amount', t: 'DECIMAL(18,4)' },
      { c: 'source_name', t: 'VARCHAR' },
      { c: 'type_faults', t: 'VARCHAR' },
    ])
    expect(counts).toMatchObject({ stage: 'extract', rowsIn: 2, rowsOut: 2, rejected: 0 })
    expect(shardCount).toBe(1)
  })

  it('puts each customer into the bucket of its hash, and no customer into that of the empty text', async () => {
    const { ref } = await bench.run(csv(['ann,2026-01-01,A1,1,1', ',2026-01-01,A2,1,1']))
    // Python's hashlib.md5(b'ann').digest()[8] and hashlib.md5(b'').digest()[8].
    expect(await bench.query(ref, 'SELECT customer_id, bucket FROM raw ORDER BY order_id')).toEqual([
      { customer_id: 'ann', bucket: 252 },
      { customer_id: null, bucket: 233 },
    ])
  })

  it('keeps values that do not fit as faults, and rows without a readable date', async () => {
    const { ref } = await bench.run(
      csv(['ann,2026-01-01,A1,1,1', 'bob,31/12/2025,A2,six,12', 'cid,2026-01-01,A3,6.5,abc', 'dan,infinity,A4,,'], {
        columns: { ...columns, unit_price: 'price' },
      }),
    )
    expect(
      await bench.query(ref, 'SELECT order_id, occurred_at, amount, type_faults FROM raw ORDER BY order_id'),
    ).toEqual([
      { order_id: 'A1', occurred_at: '2026-01-01 00:00:00', amount: 1, type_faults: null },
      { order_id: 'A2', occurred_at: null, amount: null, type_faults: "quantity='six'; occurred_at='31/12/2025'" },
      { order_id: 'A3', occurred_at: '2026-01-01 00:00:00', amount: null, type_faults: "quantity='6.5'; price='abc'" },
      { order_id: 'A4', occurred_at: null, amount: null, type_faults: "occurred_at='infinity'" },
    ])
  })

  it('checks what an expression gives as text, and rounds floats to four decimals', async () => {
    const decimalComma = { sql: "replace(price, ',', '.')" }
    const { ref } = await bench.run(
      csv(['a,2026-01-01,1,1,"1234,50"', 'a,2026-01-01,2,1,free'], {
        types: {},
        columns: { ...columns, amount: decimalComma },
      }),
    )
    expect(await bench.query(ref, 'SELECT amount, type_faults FROM raw ORDER BY order_id')).toEqual([
      { amount: 1234.5, type_faults: null },
      { amount: null, type_faults: "amount='free'" },
    ])
    const third = await bench.run(
      csv(['a,2026-01-01,1,2,1'], { columns: { ...columns, amount: { sql: 'quantity / 3' } } }),
    )
    expect(await bench.query(third.ref, 'SELECT CAST(amount AS VARCHAR) AS amount FROM raw')).toEqual([
      { amount: '0.6667' },
    ])
  })

  it('takes wall-clock times for those of the source, and offsets at their word', async () => {
    const { ref } = await bench.run(
      csv(
        [
          'a,2026-07-01 12:00:00,1,1,1',
          'a,2026-01-01,2,1,1',
          'a,2026-07-01T12:00:00Z,3,1,1',
          'a,2026-07-01 12:00:00-05:00,4,1,1',
        ],
        { timezone: 'Europe/Berlin' },
      ),
    )
    // Berlin is two hours before UTC in July and one in January.
    expect(await bench.query(ref, 'SELECT occurred_at AS at FROM raw ORDER BY order_id')).toEqual([
      { at: '2026-07-01 10:00:00' },
      { at: '2025-12-31 23:00:00' },
      { at: '2026-07-01 12:00:00' },
      { at: '2026-07-01 17:00:00' },
    ])
  })

  it('counts only rows strictly before the as-of', async () => {
    const given = csv(['a,2026-09-30 23:59:59.999999,1,1,1', 'a,2026-10-01 00:00:00,2,1,1', 'a,2026-11-01,3,1,1'])
    const { ref, counts } = await bench.run(given)
    expect(counts).toMatchObject({ rowsIn: 3, rowsOut: 1 })
    expect((await bench.manifest(ref)).summary).toMatchObject({
      sources: [
        {
          source: 'lines',
          role: 'transactions',
          rowsRead: 3,
          rowsBeforeAsOf: 1,
          newest: '2026-09-30T23:59:59.999999Z',
          lookAhead: false,
        },
      ],
      rowsRead: 3,
      rows: 1,
      rejected: 0,
      shardCount: 1,
    })
  })

  it('returns the committed artifact when it runs again, also when the file is gone', async () => {
    const given = csv(['a,2026-01-01,1,1,1'])
    const first = await bench.run(given)
    writeFileSync(join(bench.folder, given.sources.lines!.from['file' as never]), 'something else\n')
    expect(await bench.run(given)).toEqual({ ...first, seconds: expect.any(Number) })
  })

  it('gives the same content for shuffled rows, 1 and 3 shards, 1 and 2 threads, zipped or in several files', async () => {
    const rows = Array.from(
      { length: 500 },
      (_, row) => `c${row % 83},2026-01-${String((row % 28) + 1).padStart(2, '0')},o${row},${row % 5},${row % 91}.25`,
    )
    const shuffled = rows.map((_, row) => rows[(row * 211) % rows.length]!)
    const header = 'customer,at,order,quantity,price'
    writeFileSync(join(bench.folder, 'zip.csv.gz'), gzipSync([header, ...rows, ''].join('\n')))
    writeFileSync(join(bench.folder, 'many-1.csv'), [header, ...rows.slice(0, 200), ''].join('\n'))
    writeFileSync(join(bench.folder, 'many-2.csv'), [header, ...rows.slice(200), ''].join('\r\n'))
    const session = await bench.session()
    await session.execute(
      `COPY (SELECT * FROM (VALUES ${rows.map((row) => `('${row.replaceAll(',', "','")}')`).join(',')}) t(customer, "at", "order", quantity, price))
       TO '${join(bench.folder, 'session', 'rows.parquet')}' (FORMAT parquet)`,
    )
    await session.close()
    const outputs: ExtractOutput[] = []
    for (const given of [
      csv(rows),
      csv(shuffled),
      csv(rows, {}, { extract: { transactions: 'lines', shards: 3 } }),
      csv(shuffled, {}, { extract: { transactions: 'lines', shards: 256 }, threads: 1 }),
      csv(rows, {}, { threads: 1 }),
      csv([], { from: { file: 'zip.csv.gz' } }),
      csv([], { from: { file: 'many-*.csv' } }),
      csv([], { from: { file: 'session/rows.parquet' } }),
    ])
      outputs.push(await bench.run(given))
    expect(outputs.map(({ ref }) => ref.contentDigest)).toEqual(outputs.map(() => outputs[0]!.ref.contentDigest))
    expect(outputs.map(({ shardCount }) => shardCount)).toEqual([1, 1, 3, 256, 1, 1, 1, 1])
    expect(new Set(outputs.map(({ ref }) => ref.rowCount))).toEqual(new Set([500]))
  }, 60_000)

  it('keeps each customer in one shard, shards in the order of buckets', async () => {
    const rows = Array.from({ length: 200 }, (_, row) => `c${row % 40},2026-01-01,o${row},1,1`)
    const { ref } = await bench.run(csv(rows, {}, { extract: { transactions: 'lines', shards: 3 } }))
    const { files } = await bench.manifest(ref)
    expect(files.map(({ role, shard }) => [role, shard])).toEqual([
      ['rows', 0],
      ['rows', 1],
      ['rows', 2],
    ])
    for (const { shard, name } of files) {
      const outside = `SELECT count(*) AS n FROM read_parquet('${ref.uri.slice('file://'.length)}/${name}') WHERE floor(bucket * 3 / 256) <> ${shard}`
      expect(await bench.query(ref, outside)).toEqual([{ n: 0 }])
    }
  })

  it('writes customer attributes beside the lines, also of those who have no id: cleansing refuses them by name', async () => {
    writeFileSync(join(bench.folder, 'crm.csv'), 'id,country,age\nann,DE,41\n,FR,20\nbob,,x\n')
    const given = csv(['ann,2026-01-01,1,1,1'])
    const { ref, counts } = await bench.run({
      sources: {
        ...given.sources,
        crm: {
          from: { file: 'crm.csv' },
          columns: { customer_id: 'id', country: 'country', age: { column: 'age', type: 'integer' } },
        },
      },
      extract: { transactions: 'lines', customers: 'crm' },
    })
    const all = 'SELECT * EXCLUDE (bucket) FROM raw ORDER BY customer_id'
    expect(await bench.query(ref, all, 'customers')).toEqual([
      { customer_id: 'ann', country: 'DE', age: 41, source_name: 'crm', type_faults: null },
      { customer_id: 'bob', country: null, age: null, source_name: 'crm', type_faults: "age='x'" },
      { customer_id: null, country: 'FR', age: 20, source_name: 'crm', type_faults: null },
    ])
    expect(counts.rowsOut).toBe(1)
    expect(ref.rowCount).toBe(1)
  })

  it('reads again when the connection leads somewhere else, though its name is the same', async () => {
    const { endpoints } = await useStack()
    const inWarehouse = await ExtractBench.open(endpoints.warehouse)
    const query = "select 'ann' as customer, timestamp '2026-01-01' as at, 'A1' as \"order\", 1 as quantity, 2 as price"
    const given = { sources: { lines: { from: { connection: 'shop', query }, columns } } }
    const shopAt = (secret: string) => ({
      shop: { postgres: { secret }, maxParallel: 2, statementTimeout: '30m' },
    })
    const first = await inWarehouse.run({ ...given, connections: shopAt('STAGING_URL') })
    const second = await inWarehouse.run({ ...given, connections: shopAt('SHOP_URL') })
    expect(second.ref.uri).not.toBe(first.ref.uri)
    await inWarehouse.close()
  })
})
