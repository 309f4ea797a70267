import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CliResult, TestProject } from './project.ts'
import { openShop } from './shop.ts'

const RULES = `
  method: rules
  rules:
    - { name: Steady, when: frequency >= 4 }
    - { name: Fresh, when: recency < 90 }
  otherwise: Everyone else`
const SOURCES = `
  placements:
    from: { connection: warehouse, table: people_say.placements }
    columns: { customer_id: id, segment: segment, stated_reason: reason, author: author, starts: starts, expires: expires }
    timezone: Europe/Berlin
  merges:
    from: { connection: warehouse, table: people_say.merges }
    columns: { other_id: old_id, customer_id: id }
contact:`

/** A table that people edit, in the warehouse; the demo shop's customers are in a file. */
describe('overrides of a table', { timeout: 180_000 }, () => {
  let project: TestProject
  let steady: readonly string[]

  const placements = (rows: readonly (readonly (string | null)[])[]): Promise<unknown> =>
    project.sql(
      `delete from people_say.placements; ${rows
        .map(
          (row) =>
            `insert into people_say.placements values (${row.map((value) => (value === null ? 'null' : `'${value}'`)).join(', ')});`,
        )
        .join('')}`,
    )
  const placed = () =>
    project.sql(
      `select c.customer_id, c.segment_name, c.layer, c.confidence, r.reasons -> 0 ->> 'reason' as reason
       from customer_segments c join customer_reasons r using (pipeline, customer_id) where c.layer = 'override' order by 1`,
    )
  const describeRun = (run: string): Promise<CliResult> => project.cli(['describe', run])

  beforeAll(async () => {
    project = await openShop('peoplesay', {
      pipeline: {
        features: '[recency, frequency, monetary]',
        cluster: RULES,
        validate: '{ smallestSegment: {}, membershipChurn: {} }',
      },
    })
    project.write('resegment.yaml', project.read('resegment.yaml').replace('\ncontact:', SOURCES))
    const extract = 'extract: { transactions: order_lines, overrides: placements, identities: merges }'
    project.write('pipelines/shop.yaml', project.read('pipelines/shop.yaml').replace(/^extract: .*$/m, extract))
    await project.sql(
      `drop schema if exists people_say cascade; create schema people_say;
       create table people_say.placements (id text, segment text, reason text, author text, starts timestamptz, expires date);
       create table people_say.merges (old_id text, id text)`,
    )
    await project.startWorker()
  }, 180_000)
  afterAll(async () => {
    await project.sql('drop schema if exists people_say cascade')
    await project.close()
  })

  it('are a role that check knows, also with a look at the table', async () => {
    expect(await project.cli(['check', 'shop'])).toMatchObject({ code: 0 })
    const looked = await project.cli(['check', 'shop', '--connect'])
    expect(looked.stdout).toMatch(/placements.*overrides/s)
    expect(looked.code).toBe(0)
    const project2 = project.read('resegment.yaml')
    project.write('resegment.yaml', project2.replace('stated_reason: reason, ', ''))
    const refused = await project.cli(['check', 'shop'])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('also maps stated_reason') as string })
    project.write('resegment.yaml', project2)
  })

  it('change nothing while the table is empty', async () => {
    const { status, runKey } = await project.run(['shop', '--as-of', '2026-04-01'])
    expect(status).toBe('published')
    expect(await placed()).toEqual([])
    steady = (
      await project.sql<{ customer_id: string }>(
        "select customer_id from customer_segments where segment_name = 'Steady' order by 1 limit 8",
      )
    ).map(({ customer_id }) => customer_id)
    expect(steady).toHaveLength(8)
    expect((await describeRun(runKey)).stdout).toContain('Overrides: 0 in effect')
  }, 180_000)

  it('put customers where they say, and every row without effect is counted under its reason', async () => {
    const [a, b, c, d, e, f, g, h] = steady as readonly [string, string, string, string, string, string, string, string]
    await project.sql(`insert into people_say.merges values ('before-${b}', '${b}')`)
    await placements([
      [a, 'Fresh', 'Opened a branch', 'anna', null, '2026-07-02'],
      // An old id of the customer; the segment by the key that the definition gives it.
      [`before-${b}`, 'everyone_else', 'Leaves, says sales', 'ben', '2026-06-30T22:00:00Z', null],
      [c, 'Whales', 'r', 'anna', null, null],
      [d, 'Fresh', 'r', 'anna', null, '2026-07-01'],
      [e, 'Fresh', 'r', null, null, null],
      [f, 'Fresh', 'r', 'anna', null, null],
      [f, 'everyone_else', 'r', 'ben', null, null],
      [g, 'Fresh', 'r', 'anna', null, null],
      ['nobody', 'Fresh', 'r', 'anna', null, null],
      [h, 'Steady', 'Is where it belongs', 'anna', null, null],
    ])
    project.write(
      'pipelines/shop.yaml',
      `${project.read('pipelines/shop.yaml')}overrides:\n  - { customer: '${g}', segment: everyone_else, reason: The file says so, author: crm }\n`,
    )
    const { status, runKey } = await project.run(['shop', '--as-of', '2026-07-01'])
    expect(status).toBe('published')
    const row = (customer_id: string, segment_name: string, reason: string) => ({
      ...{ customer_id, segment_name, reason, layer: 'override', confidence: null },
    })
    expect(await placed()).toEqual(
      [
        row(a, 'Fresh', 'Opened a branch'),
        row(b, 'Everyone else', 'Leaves, says sales'),
        row(g, 'Everyone else', 'The file says so'),
        row(h, 'Steady', 'Is where it belongs'),
      ].sort((one, other) => (one.customer_id < other.customer_id ? -1 : 1)),
    )
    const { stdout } = await describeRun(runKey)
    expect(stdout).toContain('Overrides: 4 in effect, 3 of them against the method; 1 expired.')
    expect(stdout).toContain('2 from Steady to Everyone else')
    expect(stdout).toContain('1 from Steady to Fresh')
    expect(stdout).toContain('1 rows of the source give way to what the pipeline says of the same customer.')
    expect(stdout).toContain('Warning: 1 overrides name customers who are not in this run.')
    expect(stdout).toContain('Warning: 1 rows of the source of overrides name a segment that this run does not have')
    expect(stdout).toContain('Warning: 2 rows of the source of overrides put one customer into several segments.')
    expect(stdout).toContain('Warning: 1 rows of the source of overrides were rejected by cleansing.')
    for (const word of ['Whales', 'anna', `before-${b}`, 'nobody']) expect(stdout).not.toContain(word)
    const quality = await project.sql(
      "select rule, rejected::int as rejected from data_quality where run_key = $1 and role = 'overrides' and rejected > 0 order by 1",
      [runKey],
    )
    expect(quality).toEqual([
      { rule: 'contested', rejected: 2 },
      { rule: 'inactive', rejected: 1 },
      { rule: 'required', rejected: 1 },
      { rule: 'unknown segment', rejected: 1 },
      { rule: 'unmatched', rejected: 1 },
    ])
    const moved = await project.sql(
      'select move_reason, sum(customers)::int as n from segment_transitions where run_key = $1 and move_reason = $2 group by 1',
      [runKey, 'override'],
    )
    expect(moved).toEqual([{ move_reason: 'override', n: 3 }])
  }, 180_000)

  it('end by themselves, and count in score runs too', async () => {
    const [a, b, , , , , g, h] = steady
    const scored = await project.run(['shop', '--score', '--as-of', '2026-07-02'])
    expect(scored.status).toBe('published')
    const who = (await placed()).map((row) => (row as { customer_id: string }).customer_id)
    expect(who).toEqual([b, g, h].map(String).sort())
    const [back] = await project.sql(
      `select from_segment_key <> to_segment_key as moved, move_reason from segment_events where run_key = $1 and customer_id = $2`,
      [scored.runKey, a],
    )
    expect(back).toEqual({ moved: true, move_reason: 'override' })
  }, 180_000)
})
