import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from '../e2e/project.ts'
import { openShop } from '../e2e/shop.ts'

let shop: TestProject
beforeAll(async () => {
  shop = await openShop('feedback', { customers: 150 })
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

  it('of a customer who is forgotten goes with the customer', async () => {
    const [row] = await shop.sql<{ customer_id: string }>(
      'select customer_id from segment_feedback where customer_id is not null',
    )
    const { code, stderr } = await shop.cli(['forget', row!.customer_id, '--yes', '--reason', 'Asked for.'])
    expect(code, stderr).toBe(0)
    expect(await shop.sql('select judgement from segment_feedback')).toEqual([{ judgement: 'useful' }])
  })
})
