import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { openPipelines } from './public-pipelines.ts'
import { expectTransitionsToSum, population } from './transition-sums.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const CDNOW = join(DATA, 'cdnow/CDNOW_master.txt.gz')
const SKIPPED = 'skipped: the public data sets are not beside the repository (../shared/data)'
if (!existsSync(DATA)) console.warn(SKIPPED)

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
