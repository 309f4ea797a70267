import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A small project without a fault. */
export const soundProject = `connections:
  warehouse: { postgres: { secret: WAREHOUSE_URL } }
  lake: { s3: { bucket: acme-segments } }
targets:
  dev: { schema: segmentation_dev, prefix: dev/, embedded: true }
  prod: { schema: segmentation, prefix: prod/ }
sources:
  order_lines:
    from: { file: data/*.csv.gz }
    columns:
      customer_id: customer
      occurred_at: ordered_at
      order_id: order_no
      amount: { sql: quantity * unit_price }
      unit_price: unit_price
    types: { quantity: integer, unit_price: decimal }
    timezone: Europe/Berlin
  people:
    from: { connection: warehouse, table: crm.customers }
    columns: { customer_id: id }
`

export const soundPipeline = `pipeline: shop
schedule: { refit: quarter, timezone: Europe/Berlin }
extract: { transactions: order_lines, customers: people }
cleanse:
  - { rule: duplicates }
  - { rule: range, column: amount, above: 0, do: quarantine }
features:
  - recency
  - { monetary: { window: 12 months, weight: 2 } }
cluster: { count: { from: 3, to: 6 } }
publish: { warehouse: warehouse, s3: lake }
segments: { champions: { key: shop-3 } }
`

/** Writes a project into a new folder. Each change replaces one text of a sound file, which must be in it. */
export function writeProject(
  changes: {
    readonly project?: readonly (readonly [string, string])[]
    readonly pipeline?: readonly (readonly [string, string])[]
    readonly more?: Readonly<Record<string, string>>
  } = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'resegment-config-'))
  const files = {
    'resegment.yaml': change(soundProject, changes.project ?? []),
    'pipelines/shop.yaml': change(soundPipeline, changes.pipeline ?? []),
    ...changes.more,
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

function change(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`The sound file has no ${JSON.stringify(from)}.`)
    return changed.replace(from, to)
  }, text)
}
