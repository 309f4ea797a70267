import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectEverybodyOnce } from '../e2e/everybody-once.ts'
import type { TestProject } from '../e2e/project.ts'
import { openExamples } from '../e2e/public-pipelines.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
if (!existsSync(DATA)) console.warn(`Skipped: ${DATA}, the public data sets, is not there.`)

/** Examples of pipelines/examples by the command line, published, and read as consumers read them. */
describe.skipIf(!existsSync(DATA))('examples by the command line', () => {
  let project: TestProject
  beforeAll(async () => {
    project = await openExamples('nightexamples')
    await project.startWorker()
  })
  afterAll(() => project.close())

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

  it.each([
    ['mixture', '2011-12-10', 4_338],
    ['mixed', '2020-01-01', 7_043],
    ['hierarchy', '2018-01-01', 2_373],
  ])('%s is sound, publishes every customer once, and describes its segments', async (pipeline, asOf, customers) => {
    expect(await project.cli(['check', pipeline])).toMatchObject({ code: 0 })
    const run = await project.run([pipeline, '--as-of', asOf])
    expect(run.status).toBe('published')
    await expectEverybodyOnce(project, pipeline, customers)
    const segments = await project.sql<{ name: string; description: string }>(
      'select name, description from segments where pipeline = $1 and customers > 0 order by customers desc',
      [pipeline],
    )
    expect(segments.length).toBeGreaterThan(2)
    expect(segments.every(({ description }) => description.length > 0)).toBe(true)
    expect(new Set(segments.map(({ name }) => name)).size).toBe(segments.length)
    const [chosen] = await project.sql(
      'select method, cluster_count from model_selection where run_key = $1 and chosen',
      [run.runKey],
    )
    expect(chosen).toMatchObject({ method: pipeline })
  })
})
