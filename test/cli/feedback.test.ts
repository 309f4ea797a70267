import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from '../e2e/project.ts'
import { openShop } from '../e2e/shop.ts'

let shop: TestProject
beforeAll(async () => {
  shop = await openShop('feedback', { customers: 150 })
  shop.keepCacheApart()
  await shop.startWorker()
  await shop.run(['shop', '--as-of', '2026-07-01'])
})
afterAll(() => shop?.close())

describe('feedback', () => {
  const list = async (...options: readonly string[]): Promise<string> =>
    (await shop.cli(['feedback', 'list', 'shop', ...options])).stdout

  it('is kept once, shown in the report without customers, and proposes overrides with their ids to whoever asks', async () => {
    const segments = await shop.sql<{ segment_key: string; name: string }>(
      "select segment_key, name from segments where status <> 'retired' order by segment_key",
    )
    const [first, second] = segments
    const [member] = await shop.sql<{ customer_id: string }>(
      'select customer_id from customer_segments where segment_key = $1 order by customer_id limit 1',
      [first!.segment_key],
    )
    const { customer_id: customer } = member!
    const entries = [
      `{ segment: "${first!.name}", judgement: useful, note: They answer., by: ada }`,
      `{ customer: "${customer}", belongsIn: ${second!.segment_key}, note: Wholesale., by: ada }`,
    ]
    shop.write('said.yaml', `feedback:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`)
    const said = join(shop.folder, 'said.yaml')
    const { stdout, stderr } = await shop.cli(['feedback', 'add', 'shop', '--file', said])
    expect(stdout, stderr).toBe('2 kept.\n')
    expect((await shop.cli(['feedback', 'add', 'shop', '--file', said])).stdout).toBe(
      '0 kept; 2 had been said before.\n',
    )
    expect(
      await shop.sql('select segment_key, judgement, customer_id, belongs_in, note from segment_feedback'),
    ).toEqual([
      {
        segment_key: first!.segment_key,
        judgement: 'useful',
        customer_id: null,
        belongs_in: null,
        note: 'They answer.',
      },
      {
        ...{ segment_key: first!.segment_key, judgement: 'misplaced', customer_id: customer },
        ...{ belongs_in: second!.segment_key, note: 'Wholesale.' },
      },
    ])
    const plain = await list()
    expect(plain).toContain(`1 customer of “${first!.name}” belongs in “${second!.name}”.`)
    expect(plain + (await list('--json'))).not.toContain(customer)
    expect(await list('--ids')).toContain(`- { customer: "${customer}", segment: "${second!.segment_key}"`)
    const report = await shop.cli(['report', 'shop', '--format', 'markdown'])
    expect(report.stdout).toContain('## What people say of the segments')
    expect(report.stdout).toContain('They answer. (ada)')
  })

  it('of what there is not is refused as a whole, quoting it', async () => {
    const refused = async (text: string): Promise<string> => {
      shop.write('said.yaml', `feedback:\n  - ${text}\n`)
      const { code, stderr } = await shop.cli(['feedback', 'add', 'shop', '--file', join(shop.folder, 'said.yaml')])
      expect(code, stderr).toBe(2)
      return stderr
    }
    expect(await refused('{ segment: Nobody, judgement: useful, by: ada }')).toContain(
      'has no segment “Nobody”; it has “',
    )
    expect(await refused('{ customer: K9, note: Lost., by: ada }')).toContain(
      'Customer K9 is in no segment of shop now.',
    )
    expect(await refused('{ segment: x, judgement: splendid, by: ada }')).toContain('said.yaml:2')
    const nothing = await shop.cli(['feedback', 'add', 'shop'])
    expect(nothing.stderr).toContain('Nothing was said.')
    expect(await shop.sql('select count(*)::int as entries from segment_feedback')).toEqual([{ entries: 2 }])
  })

  it('of a CSV file is kept as that of a YAML file is: ids with their zeros, notes with commas and line breaks', async () => {
    const [first] = await shop.sql<{ name: string }>('select name from segments order by segment_key limit 1')
    const { name } = first!
    const add = async (text: string) => {
      shop.write('said.csv', text)
      return shop.cli(['feedback', 'add', 'shop', '--file', join(shop.folder, 'said.csv')])
    }
    const header = 'segment;judgement;customer;belongs_in;note;by;seen\n'
    const { stdout, stderr } = await add(`${header}${name};wrong;;;"Two kinds;\nof ""customers"".";bob;x\n`)
    expect(stdout, stderr).toBe('1 kept.\n')
    expect(await shop.sql("select judgement, note from segment_feedback where author = 'bob'")).toEqual([
      { judgement: 'wrong', note: 'Two kinds;\nof "customers".' },
    ])
    const bad = await add(`${header}${name};splendid;;;;bob;\n${name};;0012;;;bob;\n;;0012;;;;\n`)
    expect(bad.code).toBe(2)
    expect(bad.stderr).toContain(`row 1 (segment ${name}, judgement splendid, by bob)  judgement`)
    expect(bad.stderr).toContain('came: "splendid"')
    expect(bad.stderr).toContain(`came: ${name}, and customer 0012`)
    expect(bad.stderr).toContain('row 3 (customer 0012)  by')
    const short = await add('segment,judgment,by\nx,useful,bob\n')
    expect(short.stderr).toContain(
      'has no column judgement, customer, belongs_in, note: wanted are segment, judgement, customer, belongs_in, note, by; it has segment, judgment, by.',
    )
    expect((await add(header)).stderr).toContain('has no row')
    expect(await shop.sql("select count(*)::int as entries from segment_feedback where author = 'bob'")).toEqual([
      { entries: 1 },
    ])
  })

  it('of a table is read every day, and kept once, also when the customer has moved meanwhile', async () => {
    const table = `${shop.schema}_marketing."said, of shop"`
    const add = (...options: readonly string[]) => shop.cli(['feedback', 'add', 'shop', '--table', table, ...options])
    const members = await shop.sql<{ customer_id: string; segment_key: string; segment_name: string }>(
      'select distinct on (segment_key) customer_id, segment_key, segment_name from customer_segments order by segment_key, customer_id desc',
    )
    const [member, other] = members
    await shop.sql(`create schema "${shop.schema}_marketing"`)
    await shop.sql(
      `create table ${table} (id bigint, segment text, judgement text, customer text, belongs_in text, note text, "by" text)`,
    )
    expect((await add()).stderr).toContain('has no row')
    const say = (...values: readonly (string | null)[]) =>
      shop.sql(`insert into ${table} values (1, $1, $2, $3, $4, $5, $6)`, values)
    await say(member!.segment_name, 'useful', null, null, null, 'eve')
    await say(null, null, member!.customer_id, other!.segment_key, 'Wholesale.', 'eve')
    const first = await add()
    expect(first.stdout, first.stderr).toBe('2 kept.\n')
    // What a later run does to the customer: he or she is where eve wanted.
    await shop.sql("update feedback set segment_key = 'elsewhere' where author = 'eve' and customer_id is not null")
    expect((await add('--connection', 'warehouse')).stdout).toBe('0 kept; 2 had been said before.\n')

    await say('Nobody', 'useful', null, null, null, 'eve')
    await say(other!.segment_name, 'useful', null, null, null, 'eve')
    expect((await add()).stderr).toContain('has no segment “Nobody”; it has “')
    expect(await shop.sql("select count(*)::int as entries from segment_feedback where author = 'eve'")).toEqual([
      { entries: 2 },
    ])
    await shop.sql(`alter table ${table} drop column "by"`)
    expect((await add()).stderr).toContain(
      'has no column by: wanted are segment, judgement, customer, belongs_in, note, by; it has id, segment, judgement, customer, belongs_in, note.',
    )
    await shop.sql(`drop schema "${shop.schema}_marketing" cascade`)
    expect((await add()).stderr).toContain('There is no table or view')
    expect((await add('--connection', 'lake')).stderr).toContain('no postgres connection "lake"')
    expect((await add('--segment', 'x')).code).toBe(2)
  })

  it('of a customer who is forgotten goes with the customer', async () => {
    const [row] = await shop.sql<{ customer_id: string }>(
      "select customer_id from segment_feedback where customer_id is not null and author = 'ada'",
    )
    const { code, stderr } = await shop.cli(['forget', row!.customer_id, '--yes', '--reason', 'Asked for.'])
    expect(code, stderr).toBe(0)
    expect(await shop.sql("select judgement from segment_feedback where author = 'ada'")).toEqual([
      { judgement: 'useful' },
    ])
  })
})
