import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSampleDatabases, loadSampleDatabase } from '../activities/sample-databases.ts'
import type { TestProject } from './project.ts'
import { openPipelines } from './public-pipelines.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
if (!existsSync(DATA)) console.warn('Skipped: the public data sets are not beside the repository (../shared/data).')

/** From the sources to the views, by the command line; test/activities compares what lies between with other programs' figures. */
describe.skipIf(!existsSync(DATA) || !hasSampleDatabases())('pipelines of several roles', () => {
  let project: TestProject
  beforeAll(async () => {
    project = await openPipelines('roles')
    await loadSampleDatabase(project.variables.WAREHOUSE_URL!, 'northwind')
    await project.startWorker()
  })
  afterAll(() => project.close())

  it.each([
    // Recounted: households with a line of a quantity above 0; published: customers of the other two.
    ['complete_journey', '2018-01-01', 2_373, 'transactions, customers, touches'],
    ['telco', '2026-01-01', 7_043, 'customers'],
    ['northwind', '1998-06-01', 91, 'transactions, customers'],
  ])(
    '%s publishes every customer once, and what cleansing found in each role',
    async (pipeline, asOf, customers, roles) => {
      const run = await project.run([pipeline, '--as-of', asOf])
      expect(run.status).toBe('published')
      const [members] = await project.sql(
        'select count(*)::int as members, count(distinct customer_id)::int as customers from customer_segments where pipeline = $1',
        [pipeline],
      )
      expect(members).toEqual({ members: customers, customers })
      const quality = await project.sql<{ role: string }>(
        'select distinct role from data_quality where run_key = $1 and rule is null',
        [run.runKey],
      )
      expect(quality.map(({ role }) => role).sort()).toEqual(roles.split(', ').sort())
      const profiles = await project.sql<{ feature: string }>(
        'select distinct feature from segment_profiles where pipeline = $1',
        [pipeline],
      )
      expect(profiles.length).toBeGreaterThan(5)
    },
  )
})
