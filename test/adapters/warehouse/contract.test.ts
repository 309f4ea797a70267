import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { format } from 'prettier'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { members } from './candidate.ts'
import { findBreaches, readContract, type Contract } from './contract.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const FILE = join(import.meta.dirname, '../../../contract/v1.json')
const committed = JSON.parse(readFileSync(FILE, 'utf8')) as Contract

describe('the contract with consumers', () => {
  let target: FreshSchema
  let client: pg.Client

  beforeAll(async () => {
    target = await openFreshSchema()
    client = new pg.Client({ connectionString: target.connectionString })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await target.close()
  })

  it('is the file of its version, and breaks nobody who reads what was there', async () => {
    const contract = await readContract(client, target.schema)
    // Before the file is compared, which `npm run golden` writes anew: a breach needs another version, not another file.
    expect(findBreaches(committed, contract), 'raise CONTRACT_VERSION and keep the old views').toEqual([])
    await expect(await format(JSON.stringify(contract), { parser: 'json', printWidth: 120 })).toMatchFileSnapshot(FILE)
  })

  it('says the type and the meaning of every column', () => {
    const columns = committed.views.flatMap(({ name, columns: all }) =>
      all.map((column) => ({ view: name, ...column })),
    )
    expect(columns.filter(({ description, type }) => !description || type === 'unknown')).toEqual([])
    expect(committed.views.filter(({ description }) => !description)).toEqual([])
  })

  it('says of every column that is ever null that it can be', async () => {
    const first = members('a shop-1, b shop-2, c shop-1!, d shop-3')
    const { runId } = await target.publish({ asOf: '2026-07-01T00:00:00.000Z', members: first })
    const before = { runId, members: first }
    const method = { also: 'shop-9', since: '2026-07-01 00:00:00', pAlive: 0.5 }
    await target.publish({ asOf: '2026-10-01T00:00:00.000Z', members: members('a shop-2, b shop-2'), before, method })
    const point = await target.warehouse.findReturnPoint('shop', undefined)
    await target.warehouse.rollBack('shop', { from: point.from, to: point.run, by: 'crm', reason: 'wrong' })
    const wrong: string[] = []
    for (const { name, columns } of committed.views) {
      const counts = columns.map(({ name: column }) => `count(*) - count(${column}) as ${column}`)
      const [row] = await target.query<Record<string, string>>(`select ${counts.join(', ')} from ${name}`)
      for (const { name: column, nullable } of columns)
        if (!nullable && row![column] !== '0') wrong.push(`${name}.${column}`)
    }
    expect(wrong).toEqual([])
  })
})

describe('a change of the contract', () => {
  const column = { name: 'segment_key', type: 'text', nullable: false, description: 'Key.' }
  const contractOf = (columns: Contract['views'][0]['columns'], version = 1): Contract => ({
    version,
    views: [{ name: 'customer_segments', description: 'Now.', columns }],
  })
  const before = contractOf([column, { ...column, name: 'layer', nullable: true }])

  it.each([
    ['a column is gone', contractOf([column]), 'column customer_segments.layer is gone'],
    ['a view is gone', { ...before, views: [] }, 'view customer_segments is gone'],
    [
      'a type changes',
      contractOf([{ ...column, type: 'bigint' }, before.views[0]!.columns[1]!]),
      'customer_segments.segment_key was text, and is bigint',
    ],
    [
      'a column can be null that never was',
      contractOf([{ ...column, nullable: true }, before.views[0]!.columns[1]!]),
      'customer_segments.segment_key can be null, and never was',
    ],
  ])('is a breach when %s', (_, now, breach) => {
    expect(findBreaches(before, now)).toEqual([breach])
    expect(findBreaches(before, { ...now, version: 2 })).toEqual([])
  })

  it('is none when columns and views are added, or a column is never null any more', () => {
    const now = contractOf([column, { ...column, name: 'layer' }, { ...column, name: 'rank' }])
    const more = { ...now, views: [...now.views, { name: 'ranks', description: 'New.', columns: [] }] }
    expect(findBreaches(before, more)).toEqual([])
  })
})
