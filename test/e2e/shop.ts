import { join } from 'node:path'
import { writeDemoShop } from '../../src/demo/write-demo-shop.ts'
import { TestProject } from './project.ts'

export interface ShopOptions {
  readonly customers?: number
  readonly seed?: number
  /** Variables that lead to other servers than those of the test run. */
  readonly servers?: Readonly<Record<string, string>>
  /** Keys of the pipeline's YAML to add or replace, as YAML text at the top level. */
  readonly pipeline?: Partial<Record<'extract' | 'cleanse' | 'features' | 'cluster' | 'validate' | 'publish', string>>
}

const STAGES = {
  extract: '{ transactions: order_lines }',
  cleanse: `
  - { rule: types, do: quarantine, maxShare: 0.05 }
  - { rule: required, do: drop, maxShare: 0.1 }
  - { rule: duplicates, do: drop }
  - { rule: cancellations, when: { sql: "order_id like 'C%'" }, do: net }`,
  features: '[recency, frequency, monetary, averageOrderValue, tenure, trend]',
  cluster: '{ count: 4, starts: 2, seed: 7 }',
  validate: '{ membershipChurn: { warn: { above: 0.9 } } }',
  publish: '{ warehouse: warehouse, s3: lake }',
}

/** `pipelines/shop.yaml` of a test project. */
export function shopPipeline(stages: ShopOptions['pipeline'] = {}): string {
  const { extract, cleanse, features, cluster, validate, publish } = { ...STAGES, ...stages }
  return `pipeline: shop
description: Behaviour segments of a made-up shop
owner: growth-data
schedule: { refit: quarter, timezone: Europe/Berlin }
extract: ${extract}
cleanse: ${cleanse}
features: ${features}
cluster: ${cluster}
validate: ${validate}
publish: ${publish}
`
}

/** `resegment.yaml` of a test project with a target of its own beside the default. */
export function shopProject(target: string, file = 'data/order_lines.csv.gz'): string {
  return `connections:
  warehouse: { postgres: { secret: WAREHOUSE_URL } }
  lake: { s3: { bucket: segments-${target} } }
targets:
  dev: { schema: segmentation_${target}_dev, prefix: ${target}_dev/, embedded: true }
  ${target}: { schema: segmentation_${target}, prefix: ${target}/, embedded: true }
sources:
  order_lines:
    from: { file: ${file} }
    columns:
      customer_id: customer_id
      occurred_at: ordered_at
      order_id: order_id
      amount: { sql: quantity * unit_price }
      quantity: quantity
      unit_price: unit_price
      product: sku
      category: category
      channel: channel
    types: { quantity: integer, unit_price: decimal }
    currency: EUR
    timezone: Europe/Berlin
contact: "#growth-data"
`
}

/** A migrated project over a freshly generated demo shop. */
export async function openShop(target: string, options: ShopOptions = {}): Promise<TestProject> {
  const files = { 'resegment.yaml': shopProject(target), 'pipelines/shop.yaml': shopPipeline(options.pipeline) }
  const project = await TestProject.open(target, files, undefined, options.servers)
  await writeDemoShop({
    folder: join(project.folder, 'data'),
    seed: options.seed ?? 1,
    customers: options.customers ?? 300,
  })
  await project.migrate()
  return project
}
