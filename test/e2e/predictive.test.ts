import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { openPipelines } from './public-pipelines.ts'

const CDNOW = resolve(import.meta.dirname, '../../../shared/data/cdnow/CDNOW_master.txt.gz')
const EXAMPLE = resolve(import.meta.dirname, '../../pipelines/examples/predictive.yaml')

it.skipIf(!existsSync(CDNOW))(
  'publishes segments of churn risk and value with scores and reasons; a segment keeps its key from run to run',
  async () => {
    const project = await openPipelines('predictive')
    try {
      project.write('pipelines/predictive.yaml', readFileSync(EXAMPLE, 'utf8'))
      await project.startWorker()
      const first = await project.run(['predictive', '--as-of', '1998-04-01'])
      const segments = () =>
        project.sql<{ segment_key: string; name: string; criteria: string; customers: number; status: string }>(
          "select segment_key, name, criteria, customers::int, status from segments where pipeline = 'predictive' order by name",
        )
      const before = await segments()
      const second = await project.run(['predictive', '--as-of', '1998-07-01'])
      expect([first.status, second.status]).toEqual(['published', 'published'])
      const after = await segments()
      const keys = (all: typeof after) => all.map(({ segment_key, name }) => [name, segment_key])
      expect(keys(after)).toEqual(keys(before))
      expect(after.reduce((sum, { customers }) => sum + customers, 0)).toBe(23_570)
      expect(after.find(({ name }) => name === 'Active, high value')!.criteria).toMatch(
        /^churn risk below 30 %; lifetime value from \d+\.\d\d$/,
      )
      const scores = await project.sql<{ score: string; unit: string; customers: number; least: number; most: number }>(
        "select score, unit, count(*)::int as customers, min(value) as least, max(value) as most from customer_scores where pipeline = 'predictive' group by score, unit order by score",
      )
      expect(scores.map(({ score, unit, customers }) => [score, unit, customers])).toEqual([
        ['churn_risk', 'share', 23_570],
        ['expected_purchases', 'count', 23_570],
        ['expected_spend', 'money', 23_570],
        ['growth', 'count', 23_570],
        ['lifetime_value', 'money', 23_570],
        ['p_alive', 'share', 23_570],
        ['p_purchase', 'share', 23_570],
      ])
      for (const { unit, least, most } of scores)
        if (unit === 'share') expect([least >= 0, most <= 1]).toEqual([true, true])
      const [told] = await project.sql<{ reasons: readonly { reason: string; size: number }[] }>(
        "select reasons from customer_reasons where pipeline = 'predictive' order by customer_id limit 1",
      )
      expect(told!.reasons).toHaveLength(3)
      expect(told!.reasons.every(({ reason, size }) => reason.length > 0 && size >= 0)).toBe(true)
    } finally {
      await project.close()
    }
  },
  600_000,
)
