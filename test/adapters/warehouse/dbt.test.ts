import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { dbtSources } from '../../../src/report/consumers/dbt-sources.ts'
import { externalTables } from '../../../src/report/consumers/external-tables.ts'
import type { ContractView } from '../../../src/run/contract.ts'
import { findPython } from '../../python.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

/** An installation takes a minute, once a machine. */
const PATIENCE_MS = 300_000
const july = new Map([
  ['a', 'shop-1'],
  ['b', 'shop-2!'],
])
const october = new Map([
  ['a', 'shop-2'],
  ['c', 'shop-1'],
])

describe('what other tools are told', () => {
  let target: FreshSchema
  let views: readonly ContractView[]

  beforeAll(async () => {
    target = await openFreshSchema()
    const { runId } = await target.publish({ asOf: '2026-07-01T00:00:00.000Z', members: july })
    await target.publish({
      asOf: '2026-10-01T00:00:00.000Z',
      members: october,
      before: { runId, members: july },
    })
    views = await target.reader.contract()
  })
  afterAll(() => target.close())

  it('describes every view and every column of it in words', () => {
    expect(views.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['customer_segments', 'runs', 'shop_customers']),
    )
    const silent = views.flatMap(({ name, description, columns }) =>
      [name, ...columns.map((column) => `${name}.${column.name}`)].filter(
        (_, i) => (i === 0 ? description : columns[i - 1]!.description) === '',
      ),
    )
    expect(silent).toEqual([])
    const [segments] = views.filter(({ name }) => name === 'customer_segments')
    expect(segments!.columns.filter(({ nullable }) => nullable).map(({ name }) => name)).toEqual([
      'confidence',
      'distance',
      'next_segment_key',
    ])
  })

  it(
    'is a sources.yml that dbt parses, and whose tests hold of two publications',
    { timeout: PATIENCE_MS },
    (context) => {
      const python = findPython('dbt', ['dbt-core', 'dbt-postgres'])
      if ('why' in python) return context.skip(python.why)
      const folder = join(target.scratchPath, 'dbt')
      mkdirSync(join(folder, 'models'), { recursive: true })
      const { hostname, port, username, password, pathname } = new URL(target.connectionString)
      const output = {
        ...{ type: 'postgres', host: hostname, port: Number(port), user: username, password },
        ...{ dbname: pathname.slice(1), schema: target.schema, threads: 4 },
      }
      const write = (name: string, value: unknown): void => writeFileSync(join(folder, name), stringify(value))
      write('dbt_project.yml', {
        name: 'consumer',
        profile: 'p',
        'config-version': 2,
        flags: { send_anonymous_usage_stats: false },
      })
      write('profiles.yml', { p: { target: 't', outputs: { t: output } } })
      const sources = dbtSources({ schema: target.schema, views, freshness: { warnDays: 97, errorDays: 106 } })
      write('models/sources.yml', sources)
      writeFileSync(
        join(folder, 'models/sizes.sql'),
        "select segment_key, count(*) as customers from {{ source('resegment', 'customer_segments') }} group by 1",
      )
      const dbt = (...args: string[]): string =>
        spawnSync(
          join(python.bin, 'dbt'),
          [...args, '--project-dir', folder, '--profiles-dir', folder, '--no-use-colors'],
          {
            env: { PATH: process.env.PATH, HOME: target.scratchPath, DO_NOT_TRACK: '1' },
            encoding: 'utf8',
          },
        ).stdout
      expect(dbt('source', 'freshness')).toContain('1 of 1 PASS freshness of resegment.runs')
      const tested = dbt('test', '--show-all-deprecations')
      expect(tested.match(/(?:FAIL|ERROR) \d* ?\w+ .*$|.*eprecat.*/gm) ?? []).toEqual([])
      expect(Number(/PASS=(\d+) WARN=0 ERROR=0/.exec(tested)?.[1])).toBeGreaterThan(100)
    },
  )

  it('is external tables whose columns are described by the views', () => {
    const request = {
      ...{ pipeline: 'shop', root: 's3://acme/prod/shop', region: 'eu-central-1', views },
      runs: ['shop@2026-07-01~1', 'shop@2026-10-01~1'],
    }
    const [, , further] = externalTables('athena', request)
    // Written by hand after the documentation of partition projection.
    expect(further).toBe(`CREATE EXTERNAL TABLE IF NOT EXISTS \`shop_further_memberships\` (
  \`pipeline\` string COMMENT 'The segmentation.',
  \`customer_id\` string COMMENT 'The customer, as in the source.',
  \`segment_key\` string COMMENT 'Lasting key of the segment.',
  \`layer\` string COMMENT 'What placed the customer: cluster, or the level or layer.',
  \`since\` timestamp COMMENT 'As-of since which the membership lasts.',
  \`run_key\` string COMMENT 'The run.'
)
COMMENT 'Memberships beside the first one: overlapping rules, upper levels, other layers; a row each.'
PARTITIONED BY (\`run\` string)
STORED AS PARQUET
LOCATION 's3://acme/prod/shop/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.run.type' = 'injected',
  'storage.location.template' = 's3://acme/prod/shop/run=\${run}/further_memberships/'
);`)
    const partition =
      "partition (run = 'shop@2026-10-01~1') location 's3://acme/prod/shop/run=shop@2026-10-01~1/scores/';"
    expect(externalTables('redshift', request).join('\n')).toContain(partition)
    expect(externalTables('bigquery', request).join('\n')).toContain(
      "'s3://acme/prod/shop/run=shop@2026-07-01~1/checks/*'",
    )
    expect(externalTables('snowflake', request).join('\n')).toContain(
      `  "confidence" double as (value:"confidence"::double), -- How sure the method is, 0 to 1`,
    )
    for (const dialect of ['athena', 'redshift', 'bigquery', 'snowflake'] as const)
      expect(externalTables(dialect, request).join('\n')).not.toMatch(/undefined|COMMENT ''|-- $/m)
  })
})
