import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from './project.ts'
import { openExamples } from './public-pipelines.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
if (!existsSync(DATA)) console.warn(`Skipped: ${DATA}, the public data sets, is not there.`)

/** Examples of pipelines/examples by the command line, published, and read as consumers read them. */
describe.skipIf(!existsSync(DATA))('examples by the command line', () => {
  let project: TestProject
  beforeAll(async () => {
    project = await openExamples('examples')
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
})
