import { GetObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Notice } from '../../src/run/notice.ts'
import type { TestProject } from './project.ts'
import { s3Of } from './published-content.ts'
import { openShop } from './shop.ts'

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
    shop = await openShop('review')
    shop.write('pipelines/shop.yaml', `${shop.read('pipelines/shop.yaml')}review: { window: 1 quarter }\n`)
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
    const [, row] = await reviews()
    expect(await page(row!.report_uri)).toMatch(
      /than before: shop@2026-01-01~1 came to \d+\.|as before: shop@2026-01-01~1/,
    )
  })

  it('rests on no run that was rolled back, and is of none that was', async () => {
    const back = await shop.cli(['rollback', 'shop', '--reason', 'Bad data.'])
    expect(back.code, back.stderr).toBe(0)
    const gone = await shop.cli(['review', 'shop@2026-07-01'])
    expect(gone.stderr).toContain('shop@2026-07-01~1 is not published, or was rolled back.')
    const judged = await shop.cli(['review', 'shop@2026-04-01'])
    expect(judged.stderr).toContain('no published run looks from then or later')
    const score = await shop.cli(['review', 'shop@2020-01-01'])
    expect(score.code).not.toBe(0)
  })
})
