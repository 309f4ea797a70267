import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { TestProject } from './project.ts'
import { openPipelines } from './public-pipelines.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const RETAIL = join(DATA, 'online_retail/online_retail_2010_2011.csv.gz')
const CDNOW = join(DATA, 'cdnow/CDNOW_master.txt.gz')
const SKIPPED = 'skipped: the public data sets are not beside the repository (../shared/data)'
if (!existsSync(DATA)) console.warn(SKIPPED)

/** Values published for the UCI set Online Retail (Chen, Sain & Guo 2012, doi 10.1057/dbm.2012.17). */
const PUBLISHED = { rows: 541_909, withoutCustomer: 135_080, cancellationLines: 9_288, duplicates: 5_268 }
/** Not cancelled, quantity > 0, price > 0, customer known, exact duplicates dropped. */
const CLEAN = { lines: 392_692, customers: 4_338 }

describe.skipIf(!existsSync(RETAIL))('Online Retail, from the file as it was published', () => {
  it('gives the published cleansing counts, every customer once, and transitions that sum to both populations', async () => {
    const project = await openPipelines('retail')
    try {
      await project.startWorker()
      const september = await project.run(['online_retail', '--as-of', '2011-09-01'])
      const before = await population(project)
      const december = await project.run(['online_retail', '--as-of', '2011-12-01'])
      const after = await population(project)
      expect([september.status, december.status]).toEqual(['published', 'published'])
      await expectTransitionsToSum(project, 'online_retail', december, before, after)

      const whole = await project.run(['online_retail', '--as-of', '2011-12-10'])
      const [extract, cleanse] = whole.stages
      expect(extract!.rowsOut).toBe(PUBLISHED.rows)
      expect(cleanse).toMatchObject({
        rowsIn: PUBLISHED.rows,
        rowsOut: CLEAN.lines,
        rejected: PUBLISHED.rows - CLEAN.lines,
      })
      const quality = await project.sql<{ rule: string; matched: string }>(
        'select rule, matched from data_quality where run_key = $1 and rule is not null',
        [whole.runKey],
      )
      const matched = Object.fromEntries(quality.map(({ rule, matched }) => [rule, Number(matched)]))
      expect(matched).toMatchObject({
        required: PUBLISHED.withoutCustomer,
        cancellations: PUBLISHED.cancellationLines,
        duplicates: PUBLISHED.duplicates,
      })
      const [{ customers, memberships }] = (await project.sql<{ customers: number; memberships: number }>(
        "select count(distinct customer_id)::int as customers, count(*)::int as memberships from customer_segments where pipeline = 'online_retail'",
      )) as [{ customers: number; memberships: number }]
      expect({ customers, memberships }).toEqual({ customers: CLEAN.customers, memberships: CLEAN.customers })
      // k-means, whose second quarter was compared with the first and is not live any more.
      const verified = await project.cli(['verify', december.runKey])
      expect(verified, verified.stdout).toMatchObject({ code: 0, stdout: expect.stringContaining('~1: equal') as string })
    } finally {
      await project.close()
    }
  })
})

describe.skipIf(!existsSync(CDNOW))('CDNOW, from a Postgres table', () => {
  it('segments all 23,570 customers of the cohort, each once', async () => {
    const project = await openPipelines('cdnow')
    try {
      await loadCdnow(project.variables.WAREHOUSE_URL!)
      await project.startWorker()
      await project.run(['cdnow', '--as-of', '1998-01-01'])
      const before = await population(project)
      const status = await project.run(['cdnow', '--as-of', '1998-07-01'])
      // Published: 69,659 transactions of 23,570 customers.
      expect(status.stages[0]!.rowsOut).toBe(69_659)
      expect(status.segments.reduce((sum, segment) => sum + segment.customers, 0)).toBe(23_570)
      await expectTransitionsToSum(project, 'cdnow', status, before, await population(project))
    } finally {
      await project.close()
    }
  })
})

type Population = ReadonlyMap<string, number>

async function population(project: TestProject): Promise<Population> {
  const rows = await project.sql<{ segment_key: string; customers: number }>(
    'select segment_key, count(*)::int as customers from customer_segments group by segment_key',
  )
  return new Map(rows.map((row) => [row.segment_key, row.customers]))
}

async function expectTransitionsToSum(
  project: TestProject,
  pipeline: string,
  status: RunStatus,
  before: Population,
  after: Population,
): Promise<void> {
  const sums = async (side: string): Promise<Population> => {
    const rows = await project.sql<{ segment_key: string; customers: number }>(
      `select ${side} as segment_key, sum(customers)::int as customers from segment_transitions
       where pipeline = $1 and run_key = $2 and ${side} is not null group by ${side}`,
      [pipeline, status.runKey],
    )
    return new Map(rows.map((row) => [row.segment_key, row.customers]))
  }
  expect(sorted(await sums('from_segment_key'))).toEqual(sorted(before))
  expect(sorted(await sums('to_segment_key'))).toEqual(sorted(after))
}

function sorted(counts: Population): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}

async function loadCdnow(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('create schema if not exists cdnow')
    await client.query('drop table if exists cdnow.purchases')
    await client.query(
      'create table cdnow.purchases (customer_id text not null, date date not null, number_of_cds integer not null, dollar_value numeric(10,2) not null)',
    )
    const rows = gunzipSync(readFileSync(CDNOW)).toString('latin1').trimEnd().split('\n').slice(1)
    const fields = rows.map((row) => row.trim().split(/\s+/))
    await client.query(
      'insert into cdnow.purchases select a, b::date, c::int, d::numeric from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as t(a, b, c, d)',
      [0, 1, 2, 3].map((column) => fields.map((row) => row[column])),
    )
  } finally {
    await client.end()
  }
}
