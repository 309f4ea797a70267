import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from '../e2e/project.ts'
import { openShop } from '../e2e/shop.ts'
import { buyersOf } from './buyers-of.ts'

let shop: TestProject
beforeAll(async () => {
  shop = await openShop('experiment')
  await shop.startWorker()
  await shop.run(['shop', '--as-of', '2026-10-01'])
})
afterAll(() => shop?.close())

describe('an experiment', () => {
  it('is planned, drawn once among who is live, and judged by what came of it', async () => {
    const options = ['--metric', 'converted', '--baseline', '0.1', '--minimum-effect', '0.05']
    const plan = await shop.cli(['experiment', 'plan', 'shop', ...options])
    // 10 % against 15 %, two-sided 5 %, power 80 %: 686 an arm (Fleiss, Statistical Methods for Rates and Proportions, without correction).
    expect(plan.stdout).toContain('1,372')

    const drawn = JSON.parse(
      (await shop.cli(['experiment', 'assign', 'spring', 'shop', '--arms', 'control:0.5,offer:0.5', '--json'])).stdout,
    ) as { arms: { name: string; customers: number }[] }
    const members = await shop.sql<{ customer_id: string; arm: string }>(
      "select customer_id, arm from experiment_assignments where experiment = 'spring'",
    )
    for (const { name, customers } of drawn.arms)
      expect(members.filter(({ arm }) => arm === name)).toHaveLength(customers)
    const again = await shop.cli(['experiment', 'assign', 'spring', 'shop', '--arms', 'control:0.9,offer:0.1'])
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('There is an experiment spring already')

    const converted = members.filter(({ arm }, i) => (arm === 'offer' ? i % 2 === 0 : i % 10 === 0))
    const rows = converted.map((one) => `${one.customer_id},1`)
    shop.write('outcomes.csv', ['customer_id,converted', ...rows].join('\n'))
    const { stdout, code } = await shop.cli([
      'experiment',
      'analyse',
      'spring',
      '--outcomes',
      `${shop.folder}/outcomes.csv`,
      '--resamples',
      '200',
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('The sizes are what was meant, to chance')
    expect(stdout).toMatch(/^offer makes converted higher by \d/m)
  })

  it('is judged by the orders of a later run, counted here from the file that it was read from', async () => {
    const span = ['--from', '2026-08-01', '--until', '2026-09-01']
    const { stdout, stderr } = await shop.cli([
      ...['experiment', 'analyse', 'spring', '--by', 'shop@2026-10-01', ...span],
      ...['--metric', 'conversion', 'spend', '--resamples', '200', '--json'],
    ])
    expect(stderr).not.toContain('Error')
    const found = JSON.parse(stdout) as {
      span: unknown
      effects: { metric: string; overall: { tallies: { count: number; size: number }[] } }[]
    }
    expect(found.span).toEqual({ from: '2026-07-31T22:00:00Z', until: '2026-08-31T22:00:00Z' })
    const buyers = buyersOf(join(shop.folder, 'data/order_lines.csv.gz'), '2026-08')
    const arms = await shop.sql<{ customer_id: string; arm: string }>(
      "select customer_id, arm from experiment_assignments where experiment = 'spring'",
    )
    const counted = ['control', 'offer'].map((arm) => {
      const mine = arms.filter((one) => one.arm === arm)
      return { count: mine.filter(({ customer_id }) => buyers.has(customer_id)).length, size: mine.length }
    })
    expect(found.effects.find(({ metric }) => metric === 'conversion')!.overall.tallies).toEqual(counted)
  })

  it('is judged by no run that knows nothing of it', async () => {
    const analyse = (...options: readonly string[]) => shop.cli(['experiment', 'analyse', 'spring', ...options])
    expect((await analyse()).stderr).toContain('Nothing says what came of the experiment.')
    // Drawn now, long after the runs looked.
    expect((await analyse('--by', 'shop@2026-10-01')).stderr).toMatch(
      /Nothing lies between .*, when spring was drawn, and /,
    )
    expect((await analyse('--by', 'shop@2026-10-01', '--from', '2026-08-01', '--until', '2027-01-01')).stderr).toMatch(
      /looks from .*: it knows nothing of what came until 2026-12-31/,
    )
    expect((await analyse('--by', 'shop@2026-10-01', '--from', '2026-08-01', '--metric', 'response')).stderr).toContain(
      'The rows of the run tell nothing of response; they tell of conversion, orders, spend.',
    )
  })
})
