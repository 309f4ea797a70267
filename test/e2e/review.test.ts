import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CommandContext } from '../../src/cli/command-context.ts'
import { serveReports } from '../../src/cli/serve-reports.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import type { IndexedPipeline } from '../../src/report/segmentation/index-document.ts'
import type { Notice } from '../../src/run/notice.ts'
import type { TestProject } from './project.ts'
import { s3Of } from './published-content.ts'
import { openShop, shopPipeline } from './shop.ts'

interface SegmentRow {
  readonly segment_key: string | null
  readonly customers: number
  readonly contact_cost: number
  readonly cost_share: number
  readonly earned_share: number
  readonly earned_is: string
  readonly held_out: number
  readonly others: number
}

interface ReviewRow {
  readonly run_key: string
  readonly judged_by: string
  readonly until: string
  readonly index: number
  readonly band: string
  readonly report_uri: string
}

describe('a review of published runs', () => {
  let shop: TestProject
  beforeAll(async () => {
    const pipeline = {
      extract: '{ transactions: order_lines, touches: touches }',
      publish: '{ warehouse: warehouse, s3: lake, holdout: { share: 0.2 } }',
    }
    shop = await openShop('review')
    const [, ...lines] = gunzipSync(readFileSync(join(shop.folder, 'data/order_lines.csv.gz')))
      .toString()
      .trim()
      .split('\n')
    const customers = [...new Set(lines.map((line) => line.split(',')[1]!.trim()))]
    const touches = customers.map((customer) => `${customer},2026-05-02T08:00:00Z,spring,0.50`)
    shop.write('data/touches.csv', ['customer_id,touched_at,campaign,cost', ...touches].join('\n'))
    shop.write('pipelines/shop.yaml', `${shopPipeline(pipeline)}review: { window: 1 quarter }\n`)
    const source = `  touches:
    from: { file: data/touches.csv }
    columns: { customer_id: customer_id, occurred_at: touched_at, campaign: campaign, cost: cost }
    types: { cost: decimal }
contact:`
    shop.write('resegment.yaml', shop.read('resegment.yaml').replace('contact:', source))
    const channel = `notify:\n  - { command: [sh, -c, 'cat >> ${shop.folder}/told.jsonl'], on: [reviewed] }\n`
    shop.write('resegment.yaml', `${shop.read('resegment.yaml')}${channel}`)
    await shop.startWorker()
  })
  afterAll(() => shop?.close())

  const reviews = (): Promise<readonly ReviewRow[]> =>
    shop.sql<ReviewRow>(`select run_key, judged_by, judged_until at time zone 'Europe/Berlin' as until, effectiveness_index as index, band, report_uri
      from segmentation_effectiveness where is_review order by run_key`)
  const reviewed = async (): Promise<readonly (readonly string[])[]> =>
    (await reviews()).map(({ run_key, judged_by }) => [run_key, judged_by])
  const told = (): readonly Notice[] => {
    try {
      const lines = shop.read('told.jsonl').trim().split('\n')
      return lines.map((line) => JSON.parse(line) as Notice)
    } catch {
      return []
    }
  }
  const indexed = async (): Promise<IndexedPipeline> => {
    const { stdout } = await shop.cli(['report', '--json'])
    return (JSON.parse(stdout) as { pipelines: readonly IndexedPipeline[] }).pipelines[0]!
  }
  const page = async (uri: string): Promise<string> => {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri)!
    const client = s3Of(shop)
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket!, Key: key! }))
    const text = await Body!.transformToString()
    client.destroy()
    return text
  }

  it('is made when a run comes out that knows the window: kept, put beside the run, and told once', async () => {
    await shop.run(['shop', '--as-of', '2026-04-01'])
    const early = await shop.cli(['review', 'shop@2026-04-01'])
    expect(early.code).toBe(2)
    expect(early.stderr).toContain('The window of shop@2026-04-01~1 ends 2026-06-30T22:00:00Z')
    await shop.run(['shop', '--as-of', '2026-07-01'])
    await expect.poll(reviewed, { timeout: 120_000 }).toEqual([['shop@2026-04-01', 'shop@2026-07-01~1']])
    const [row] = await reviews()
    // What the command says of the same two runs: their window is a quarter too.
    const { stdout } = await shop.cli(['effectiveness', 'shop', '--json'])
    const { judged } = JSON.parse(stdout) as { judged: { index: number; band: string }[] }
    expect([row!.index, row!.band]).toEqual([judged[0]!.index, judged[0]!.band])
    expect(row!.report_uri).toMatch(/\/shop\/run=shop@2026-04-01~1\/review\.html$/)
    const html = await page(row!.report_uri)
    expect(html).toContain('Review of shop@2026-04-01~1')
    expect(await page(row!.report_uri.replace('.html', '.md'))).toContain(`${row!.index.toFixed(0)} of 100`)
    await expect.poll(() => told().length, { timeout: 120_000 }).toBe(1)
    expect(told()[0]).toMatchObject({ kind: 'reviewed', run: 'shop@2026-04-01~1' })
    expect(told()[0]!.links).toEqual([{ title: 'Review', address: row!.report_uri }])

    const segments =
      await shop.sql<SegmentRow>(`select segment_key, customers::int, contact_cost, cost_share, earned_share, earned_is,
      held_out::int, others::int from segment_effectiveness where is_review order by segment_key nulls first`)
    const [all, ...each] = segments
    // A touch a customer, at half a euro: its share of the spend is a segment's share of the customers.
    const reached = each.reduce((sum, { customers }) => sum + customers, 0)
    for (const one of each) {
      expect(one.contact_cost).toBeCloseTo(one.customers / 2, 9)
      expect(one.cost_share).toBeCloseTo(one.customers / reached, 9)
    }
    expect(each.reduce((sum, { earned_share }) => sum + earned_share, 0)).toBeCloseTo(1, 9)
    expect(all).toMatchObject({ segment_key: null, customers: null, earned_is: 'revenue' })
    const [held] = await shop.sql<{ held: number }>(
      "select count(*)::int as held from published_memberships m where run_key = 'shop@2026-04-01' and is_holdout",
    )
    expect([all!.held_out, all!.held_out + all!.others]).toEqual([held!.held, reached])
    expect(html).toContain('Where the money goes')
    expect(html).toContain('What the programme brought')
    expect((await shop.cli(['effectiveness', 'shop'])).stdout).toMatch(/^Where the money goes$/m)

    const again = await shop.cli(['review', 'shop'])
    expect(again.stdout).toMatch(/^No review is due/)
    const same = await shop.cli(['review', 'shop@2026-04-01', '--json'])
    expect(JSON.parse(same.stdout)).toMatchObject({ reviews: [{ index: row!.index }] })
    expect(await reviews()).toEqual([row])
    expect(told()).toHaveLength(1)
  })

  it('is made of a run that fills in the past as well, and then says how the index came along', async () => {
    await shop.run(['shop', '--as-of', '2026-01-01', '--historical'])
    await expect.poll(reviewed, { timeout: 120_000 }).toEqual([
      ['shop@2026-01-01', 'shop@2026-04-01~1'],
      ['shop@2026-04-01', 'shop@2026-07-01~1'],
    ])
    await shop.cli(['review', 'shop@2026-04-01'])
    const [since] = await shop.sql<{ run: string }>(
      "select outcomes -> 'sinceFirst' ->> 'run' as run from effectiveness where is_review and run_key = 'shop@2026-04-01'",
    )
    expect(since!.run).toBe('shop@2026-01-01~1')
    const [, row] = await reviews()
    expect(await page(row!.report_uri)).toMatch(
      /than before: shop@2026-01-01~1 came to \d+\.|as before: shop@2026-01-01~1/,
    )
    // The index of reports tells of the same reviews, and of paths through all three quarters.
    const index = await indexed()
    expect(index.reviews.map(({ runId, judgedBy }) => [runId.split('~')[0], judgedBy])).toEqual(await reviewed())
    expect(index.reviews.at(-1)).toMatchObject({ index: row!.index, band: row!.band, reportUri: row!.report_uri })
    const { stops, paths, others } = index.paths!
    expect(stops.map(({ runKey }) => runKey)).toEqual(['shop@2026-01-01', 'shop@2026-04-01', 'shop@2026-07-01'])
    const [ever] = await shop.sql<{ customers: number }>(
      'select count(distinct customer_id)::int as customers from customer_segment_history',
    )
    expect(paths.reduce((sum, { customers }) => sum + customers, others)).toBe(ever!.customers)
  })

  it('is led to by the index that is served, and shown there', async () => {
    const environment = readEnvironment(shop.variables)
    const context = { projectFolder: shop.folder, targetName: shop.target, environment } as CommandContext
    const { signal } = new AbortController()
    const served = await serveReports(context, { environment, stack: undefined, signal })
    try {
      const index = await (await fetch(served.url)).text()
      const [, href] = /href="(\/reviews\/[^"]+)">shop@2026-04-01~1</.exec(index)!
      const [review] = (await reviews()).filter(({ run_key }) => run_key === 'shop@2026-04-01')
      // The same page as the one beside the run.
      expect(await (await fetch(new URL(href!, served.url))).text()).toBe(await page(review!.report_uri))
      expect((await fetch(new URL('/reviews/shop@2026-07-01~1', served.url))).status).toBe(404)
    } finally {
      await served.close()
    }
  })

  it('rests on no run that was rolled back, and is of none that was', async () => {
    const back = await shop.cli(['rollback', 'shop', '--reason', 'Bad data.'])
    expect(back.code, back.stderr).toBe(0)
    const gone = await shop.cli(['review', 'shop@2026-07-01'])
    expect(gone.stderr).toContain('shop@2026-07-01~1 is not published, or was rolled back.')
    const judged = await shop.cli(['review', 'shop@2026-04-01'])
    expect(judged.stderr).toContain('no published run looks from then or later')
    const { reviews: standing, paths } = await indexed()
    expect(standing.map(({ runId }) => runId)).toEqual(['shop@2026-01-01~1'])
    expect(paths!.stops.map(({ runKey }) => runKey)).toEqual(['shop@2026-01-01', 'shop@2026-04-01'])
    const score = await shop.cli(['review', 'shop@2020-01-01'])
    expect(score.code).not.toBe(0)
  })
})
