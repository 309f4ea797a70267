import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from './project.ts'
import { openPipelines } from './public-pipelines.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const EXAMPLES = resolve(import.meta.dirname, '../../pipelines/examples')
if (!existsSync(DATA)) console.warn('Skipped: the public data sets are not beside the repository (../shared/data).')

/** By the command line, from the files to what consumers read. */
describe.skipIf(!existsSync(DATA))('examples of pipelines', () => {
  let project: TestProject
  beforeAll(async () => {
    project = await openPipelines('softly')
    for (const name of ['mixture', 'mixed', 'hierarchy'])
      project.write(`pipelines/${name}.yaml`, readFileSync(resolve(EXAMPLES, `${name}.yaml`), 'utf8'))
    await project.startWorker()
  })
  afterAll(() => project.close())

  it.each([
    ['mixture', '2011-12-10', 4_338],
    ['mixed', '2020-01-01', 7_043],
    ['hierarchy', '2018-01-01', 2_373],
  ])('%s is sound, publishes every customer once, and describes its segments', async (pipeline, asOf, customers) => {
    expect(await project.cli(['check', pipeline])).toMatchObject({ code: 0 })
    const run = await project.run([pipeline, '--as-of', asOf])
    expect(run.status).toBe('published')
    const [members] = await project.sql(
      'select count(*)::int as members, count(distinct customer_id)::int as customers from customer_segments where pipeline = $1',
      [pipeline],
    )
    expect(members).toEqual({ members: customers, customers })
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
