import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { TestProject } from './project.ts'

const SAMPLE = resolve(import.meta.dirname, '../../../shared/data/cdnow/CDNOW_sample.txt.gz')

export const hasCdnow = existsSync(SAMPLE)

/** Nothing else is written like this, in any case or encoding. */
export const MARK = 'ERASE-ME-7f3a'
/** In all quarters; the second is put into a segment by a person as well. */
export const PLANTED = [`${MARK}-1`, `${MARK}-2`] as const
/** Whose only rows are refused: a purchase without an amount. */
export const REJECTED = `${MARK}-3`
/** Whose only record is no row. */
export const UNREADABLE = `${MARK}-4`
/** Buyers of all quarters whose purchases the planted ones take over. */
const TAKEN = ['00004', '00111']

export const QUARTERS = ['1997-10-01', '1998-01-01', '1998-04-01', '1998-07-01'] as const

/**
 * A project of the published 1/10 sample of CDNOW (2,357 customers), in three shards, with every kind of file that can hold an id: rejects,
 * records that cannot be read, placements by people, files of a destination. The file has all purchases: a quarter is an as-of.
 */
export async function openPlanted(target: string, publish = ''): Promise<TestProject> {
  const project = await TestProject.open(target, {
    'purchases.csv': purchases(),
    'placements.csv': `customer_id,segment,reason,author\n${PLANTED[1]},Steady,Called us,Ann\nnobody-else,Steady,Wrote,Ann\n`,
    'resegment.yaml': projectFile(target),
    'pipelines/cdnow.yaml': pipelineFile(publish),
  })
  project.keepCacheApart()
  await project.migrate()
  return project
}

function purchases(): string {
  const rows = gunzipSync(readFileSync(SAMPLE)).toString('latin1').trimEnd().split('\n')
  const planted = new Map<string, string>(TAKEN.map((id, i) => [id, PLANTED[i]!]))
  const lines = rows.map((row) => {
    const [id, , date, cds, dollars] = row.trim().split(/\s+/) as [string, string, string, string, string]
    return [planted.get(id) ?? id, date, cds, dollars].join(',')
  })
  const refused = [`${REJECTED},19970301,1,`, `${PLANTED[0]},19970302,2,`, `${UNREADABLE},19970303`]
  return ['customer_id,date,cds,dollars', ...lines, ...refused, ''].join('\n')
}

function projectFile(target: string): string {
  return `connections:
  warehouse: { postgres: { secret: WAREHOUSE_URL } }
  lake: { s3: { bucket: segments-${target} } }
targets:
  dev: { schema: segmentation_${target}_dev, prefix: ${target}_dev/, embedded: true }
  ${target}: { schema: segmentation_${target}, prefix: ${target}/, embedded: true }
sources:
  purchases:
    from: { file: purchases.csv, csv: { timestampFormat: '%Y%m%d' } }
    columns:
      customer_id: customer_id
      occurred_at: date
      order_id: { sql: "customer_id || ' ' || date" }
      amount: dollars
      quantity: cds
    types: { cds: integer, dollars: decimal }
    currency: USD
    timezone: America/New_York
    unreadable: { do: quarantine }
  placements:
    from: { file: placements.csv }
    columns: { customer_id: customer_id, segment: segment, stated_reason: reason, author: author }
contact: '#growth-data'
`
}

function pipelineFile(publish: string): string {
  return `pipeline: cdnow
description: The cohort that first bought CDs in the first quarter of 1997.
owner: growth-data
timezone: America/New_York
extract: { transactions: purchases, overrides: placements, shards: 3 }
cleanse:
  - { rule: types, do: quarantine }
  - { rule: required, do: drop }
features: [recency, frequency, monetary]
cluster:
  method: rules
  rules:
    - { name: Steady, when: frequency >= 4 }
    - { name: Fresh, when: recency < 180 }
  otherwise: Everyone else
# A cohort that nobody joins: what its customers did lies further back with every run.
validate: { smallestSegment: {}, membershipChurn: {}, featureDrift: {} }
publish: { warehouse: warehouse, s3: lake${publish} }
activate:
  mail: { kind: csv, connection: lake }
`
}
