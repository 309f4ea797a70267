import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSampleDatabases, loadSampleDatabase } from '../activities/sample-databases.ts'
import { expectEverybodyOnce } from './everybody-once.ts'
import type { TestProject } from './project.ts'
import { openPipelines } from './public-pipelines.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
if (!existsSync(DATA)) console.warn('Skipped: the public data sets are not beside the repository (../shared/data).')

/** From the sources to the views, by the command line; test/activities compares what lies between with other programs' figures. */
describe.skipIf(!existsSync(DATA) || !hasSampleDatabases())('pipelines of several roles', () => {
  let project: TestProject
  beforeAll(async () => {
    project = await openPipelines('roles')
    // The data tells no cost of a contact; half a dollar a mailing is made up, so that there is a return to be checked.
    const mailed = 'columns:\n      customer_id: household_id\n      campaign: campaign_id\n'
    const config = project.read('resegment.yaml')
    expect(config).toContain(mailed)
    project.write('resegment.yaml', config.replace(mailed, `${mailed}      cost: { sql: "0.50" }\n`))
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
      await expectEverybodyOnce(project, pipeline, customers)
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

  it('publishes what each segment did in closed periods, and of all what pandas finds', async () => {
    const rows = await project.sql<Readonly<Record<string, string | number | null>>>(
      `select k.kpi, k.period, k.segment_key, k.value, k.lower_bound, k.upper_bound, k.customers::int from segment_kpis k
       where k.pipeline = 'complete_journey'`,
    )
    const ofAll = (kpi: string, period: string) =>
      rows.find((row) => row.segment_key === null && row.kpi === kpi && row.period === period)
    // pandas 2.3.3, SciPy 1.16.3 and statsmodels 0.14.5, on lines of a quantity above 0; days and quarters in New York.
    const expected: readonly (readonly [string, string, number, number, number?, number?])[] = [
      ['conversion', '2017-Q4', 2_373, 2_040 / 2_373, 0.8451146254722417, 0.873065374992305],
      ['conversion', '2017-Q2', 2_209, 1_999 / 2_209, 0.8919905774807393, 0.9164722217264958],
      ['purchaseFrequency', '2017-Q4', 2_373, 5.0134850400337125, 4.814216069419411, 5.212754010648014],
      ['averageOrderValue', '2017-Q4', 2_040, 5.14937883500042, 5.0133716102418395, 5.285386059759001],
      ['retention', '2017-Q4', 2_029, 1_821 / 2_029],
      ['retention', '2017-Q2', 1_984, 1_774 / 1_984],
      ['repurchase', '2017-Q3', 2_029, 1_692 / 2_029],
      ['lifetimeValue', '2017-Q4', 2_373, 98.58206489675516],
      ['lifetimeValue', '2017-Q2', 2_209, 51.55721140787687],
      ['responseRate', '2017-Q4', 1_239, 297 / 2_421],
      ['responseRate', '2017-Q2', 1_153, 202 / 1_799],
      ['campaignConversion', '2017-Q4', 1_239, 916 / 1_239],
      ['attributedRevenue', '2017-Q4', 2_373, 7.712865571007164],
    ]
    for (const [kpi, period, customers, value, lower, upper] of expected) {
      const found = ofAll(kpi, period)
      expect(found?.customers, `${kpi} ${period}`).toBe(customers)
      expect(found!.value, `${kpi} ${period}`).toBeCloseTo(value, 9)
      if (lower !== undefined) expect(found!.lower_bound, `${kpi} ${period}`).toBeCloseTo(lower, 9)
      if (upper !== undefined) expect(found!.upper_bound, `${kpi} ${period}`).toBeCloseTo(upper, 9)
    }
    // Nothing came before the first quarter: nobody can have been retained in it.
    expect(ofAll('retention', '2017-Q1')).toBeUndefined()
    const conversions = rows.filter((row) => row.kpi === 'conversion' && row.period === '2017-Q4' && row.segment_key)
    expect(conversions.length).toBeGreaterThan(2)
    expect(conversions.reduce((sum, { customers }) => sum + Number(customers), 0)).toBe(2_373)
    expect(conversions.reduce((sum, { value, customers }) => sum + Number(value) * Number(customers), 0)).toBeCloseTo(
      2_040,
      6,
    )
  })

  it('publishes how each segment answered campaigns: one counted by hand', async () => {
    const rows = await project.sql<Readonly<Record<string, string | number | null>>>(
      `select segment_key, customers::int, responses::int, response_rate, is_suppressed from segment_campaigns
       where pipeline = 'complete_journey' and campaign = '18'`,
    )
    const [all] = rows.filter((row) => row.segment_key === null)
    // zcat campaigns.csv.gz | grep -c '^18,': 1,133 households, all of which bought; of coupon_redemptions 653 by 214 households.
    expect(all).toMatchObject({ customers: 1_133, responses: 214, response_rate: 214 / 1_133, is_suppressed: false })
    const ofSegments = rows.filter((row) => row.segment_key !== null)
    expect(ofSegments.length).toBeGreaterThan(2)
    for (const count of ['customers', 'responses'] as const)
      expect(ofSegments.reduce((sum, row) => sum + Number(row[count]), 0)).toBe(all![count])
  })

  it('publishes what a campaign cost and brought by segment: one counted order by order with pandas', async () => {
    const rows = await project.sql(
      `select segment_key, customers::int, responses::int, cost, attributed, return_on_spend, currency from segment_campaigns
       where pipeline = 'complete_journey' and campaign = '18' order by segment_key nulls first`,
    )
    // complete-journey-campaign.py, pandas 2.3.3, of the members of these segments: half a dollar for each household mailed, and the orders
    // less than 14 days after a mailing of campaign 18 or a coupon redeemed in it, where no other campaign came between. It counts order
    // by order, in decimals.
    const counted: readonly (readonly [string | null, number, number, number, number])[] = [
      [null, 1_133, 214, 566.5, 8_974.72],
      ['complete_journey-1', 45, 0, 22.5, 13],
      ['complete_journey-2', 640, 166, 320, 6_559.07],
      ['complete_journey-3', 448, 48, 224, 2_402.65],
    ]
    expect(rows).toEqual(
      counted.map(([segment, customers, responses, cost, attributed]) => ({
        ...{ segment_key: segment, customers, responses, cost, attributed, currency: 'USD' },
        return_on_spend: expect.closeTo(attributed / cost, 9) as number,
      })),
    )
  })
})
