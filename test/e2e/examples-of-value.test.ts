import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeExampleProject } from '../activities/run-example.ts'
import { TestProject } from './project.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const TARGET = 'value'
if (!existsSync(DATA)) console.warn(`Skipped: ${DATA}, the public data sets, is not there.`)

/** Examples of pipelines/examples by the command line, published, and read as consumers read them. */
describe.skipIf(!existsSync(DATA))('examples by the command line', () => {
  let project: TestProject
  beforeAll(async () => {
    const examples = makeExampleProject()
    project = await TestProject.open(TARGET, {}, examples.folder)
    examples.close()
    const config = parse(project.read('resegment.yaml')) as { targets: Record<string, unknown> }
    config.targets[TARGET] = { schema: `segmentation_${TARGET}`, prefix: `${TARGET}/`, embedded: true }
    project.write('resegment.yaml', stringify(config))
    await project.migrate()
    await project.startWorker()
  })
  afterAll(() => project.close())

  it('rules: further rules are memberships, and describe says what the rules did', async () => {
    const checked = await project.cli(['check', 'rules'])
    expect(checked.stdout).toContain('pipelines/rules.yaml is sound: when started by hand, 4 features, 4 rules.')
    const { runKey, status, segments } = await project.run(['rules', '--as-of', '2020-01-01'])
    expect(status).toBe('published')
    // Recounted with pandas.
    expect(Object.fromEntries(segments.map(({ name, customers }) => [name, customers]))).toEqual({
      'Long-standing': 2827,
      'Everyone else': 1321,
      'Free to leave': 1306,
      Newcomers: 1062,
      'Telephone only': 527,
    })
    const memberships = await project.sql<{ name: string; n: number }>(
      `select s.name, count(*)::int as n from customer_segment_memberships m join segments s using (pipeline, segment_key)
       where pipeline = 'rules' group by 1 order by 2`,
    )
    // True of a rule, first or not.
    expect(Object.fromEntries(memberships.map(({ name, n }) => [name, n]))).toEqual({
      'Long-standing': 3082,
      'Telephone only': 1526,
      'Free to leave': 1474,
      'Everyone else': 1321,
      Newcomers: 1062,
    })
    const described = await project.cli(['describe', runKey])
    expect(described.stdout).toMatch(/telephone_only +1,526 +527 +0/)
    expect(described.stdout).toContain('No rule is true of 1,321 customers.')
    expect(described.stdout).toContain('long_standing and telephone_only are both true of 741.')
  })

  it('rfm: groups keep their keys, and anchored cuts move only those whose own values changed', async () => {
    const first = await project.run(['rfm', '--as-of', '2011-09-01'])
    const second = await project.run(['rfm', '--as-of', '2011-12-01'])
    expect([first.status, second.status]).toEqual(['published', 'published'])
    const keys = ({ segments }: typeof first) => segments.map(({ name, segmentKey }) => `${name} ${segmentKey}`).sort()
    expect(keys(second)).toEqual(keys(first))
    expect(keys(first)).toHaveLength(11)
    const [scores] = await project.sql(
      `select count(*)::int as n, count(distinct customer_id)::int as customers, min(value) as least, max(value) as most
       from customer_scores where pipeline = 'rfm' and score in ('recency_score', 'frequency_score', 'monetary_score')`,
    )
    const customers = second.segments.reduce((sum, segment) => sum + segment.customers, 0)
    expect(scores).toEqual({ n: customers * 3, customers, least: 1, most: 5 })
    const moved = await project.sql<{ reason: string }>(
      `select distinct move_reason as reason from segment_transitions where pipeline = 'rfm' and run_key = $1 and move_reason is not null`,
      [second.runKey],
    )
    expect(moved.map(({ reason }) => reason)).toContain('behaviour')
    expect(moved.map(({ reason }) => reason)).not.toContain('model')
    const verified = await project.cli(['verify', second.runKey])
    expect(verified, verified.stdout).toMatchObject({ code: 0, stdout: expect.stringContaining('~1: equal') as string })
  })

  it('hybrid: layers by precedence, an override first, and what gates saw of the fit', async () => {
    expect((await project.cli(['check', 'hybrid'])).code).toBe(0)
    const { status, runKey, checks } = await project.run(['hybrid', '--as-of', '2011-12-10'])
    expect(status).toBe('published')
    const layers = await project.sql<{ layer: string; n: number }>(
      "select layer, count(*)::int as n from customer_segments where pipeline = 'hybrid' group by 1 order by 1",
    )
    expect(layers.map(({ layer }) => layer)).toEqual(['at-risk', 'key-accounts', 'override', 'rest'])
    expect(layers.reduce((sum, { n }) => sum + n, 0)).toBe(4_338)
    expect(
      await project.sql(
        "select s.name, c.layer from customer_segments c join segments s using (pipeline, segment_key) where pipeline = 'hybrid' and customer_id = '14646'",
      ),
    ).toEqual([{ name: 'Large orders', layer: 'override' }])
    const stability = checks.find(({ gate }) => gate === 'stability')!
    expect(stability.outcome).not.toBe('not-computable')
    const described = await project.cli(['describe', runKey])
    expect(described.stdout).toContain('key-accounts and at-risk would both have')
    expect(described.stdout).toContain('Overrides: 1 in effect, 1 of them against the method; 0 expired.')
  })

  it('tiers: published with criteria in words and the margin of each customer', async () => {
    const { status } = await project.run(['tiers', '--as-of', '2011-12-10'])
    expect(status).toBe('published')
    const tiers = await project.sql<{ name: string; criteria: string; customers: number }>(
      `select name, criteria, customers from segments where pipeline = 'tiers' order by name`,
    )
    expect(tiers.map(({ name }) => name)).toEqual(['A', 'B', 'C', 'No value'])
    expect(tiers[0]!.criteria).toMatch(/^monetary at least [\d,.]+$/)
    expect(tiers[3]!.criteria).toBe('monetary 0 or less')
    const [margins] = await project.sql(
      `select bool_and(s.value >= 0) as above from customer_scores s join customer_segments c using (pipeline, customer_id)
       where s.pipeline = 'tiers' and s.score = 'margin' and c.segment_name in ('A', 'B')`,
    )
    expect(margins).toEqual({ above: true })
  })
})
