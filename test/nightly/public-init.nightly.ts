import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { customersOf, initialised } from '../e2e/initialised-project.ts'
import type { TestProject } from '../e2e/project.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const file = (name: string): string => join(DATA, name)
if (!existsSync(DATA)) console.warn('Skipped: the public data sets are not beside the repository (../shared/data).')

describe.skipIf(!existsSync(DATA))('a project that init wrote from the data alone runs to its publication', () => {
  let project: TestProject | undefined
  afterEach(() => project?.close())

  it('for Online Retail: a zipped CSV of lines with quantity and price, and cancellations', async () => {
    project = await initialised('initretail', [
      '--from',
      file('online_retail/online_retail_2010_2011.csv.gz'),
      '--name',
      'retail',
    ])
    expect(project.read('pipelines/retail.yaml')).toContain(
      "{ rule: cancellations, when: { sql: order_id like 'C%' }, do: net }",
    )
    const { status } = await project.run(['retail', '--as-of', '2011-12-10', '--embedded'])
    expect(status).toBe('published')
    // 4,372 customers in the file, 4,338 with a line that is no cancellation (both published).
    expect(await customersOf(project)).toBeGreaterThanOrEqual(4_338)
  })

  it('for CDNOW: columns aligned by blanks, days as figures, no order numbers', async () => {
    project = await initialised('initcdnow', [
      '--from',
      file('cdnow/CDNOW_master.txt.gz'),
      '--name',
      'cdnow',
      '--objective',
      'growth',
    ])
    const { status, stages } = await project.run(['cdnow', '--as-of', '1998-07-01', '--embedded'])
    expect(status).toBe('published')
    // Published: 69,659 transactions of 23,570 customers.
    expect(stages[0]!.rowsOut).toBe(69_659)
    expect(await customersOf(project)).toBe(23_570)
  })

  it('for Complete Journey: joins all eight tables, campaigns and redemptions among them, and publishes all households', async () => {
    const lists = ['campaign_descriptions', 'campaigns', 'coupon_redemptions', 'coupons', 'promotions_sample']
    const files = [...lists, 'demographics', 'products', 'transactions_sample'].map((name) =>
      file(`complete_journey/${name}.csv.gz`),
    )
    project = await initialised('initjourney', ['--from', ...files, '--name', 'journey', '--objective', 'value'])
    const { status, stages } = await project.run(['journey', '--as-of', '2018-01-02', '--embedded'])
    expect(status).toBe('published')
    expect(stages[0]!.rowsOut).toBe(75_000)
    expect(await customersOf(project)).toBe(2_377)
  })
})
