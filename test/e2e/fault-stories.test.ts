import { createHash } from 'node:crypto'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import {
  loadOf,
  withEveryLineTwice,
  withHalfOfCustomers,
  withOneKindOfCustomer,
  withoutPrices,
  withPricesInCents,
  type Load,
} from './faulty-loads.ts'
import type { TestProject } from './project.ts'
import { publishedContent, s3Of } from './published-content.ts'
import { openShop, shopPipeline } from './shop.ts'

// The gates as they are by default. Guests have no customer id: more of them than usual would fail the cleansing.
const PIPELINE = shopPipeline({ validate: '{}' }).replace('required, do: drop, maxShare: 0.1', 'required, do: drop')
const WITHOUT_DUPLICATES_RULE = PIPELINE.replace(/.*rule: duplicates.*\n/, '')
const PUBLISHED = ['shop', '--as-of', '2026-04-01']
const NEXT = ['shop', '--as-of', '2026-07-01', '--revision', 'next']

interface Story {
  readonly title: string
  readonly fault: (lines: Load) => Load
  readonly pipeline?: string
  /** Gates that hold it, of those by default. */
  readonly heldBy: readonly string[]
}

const STORIES: readonly Story[] = [
  {
    title: 'half of the customers are missing',
    fault: withHalfOfCustomers,
    heldBy: ['coverage', 'rowCount', 'sourceRowChange'],
  },
  {
    title: 'prices are a hundred times as high',
    fault: withPricesInCents,
    heldBy: ['featureDrift'],
  },
  {
    title: 'prices are all zero, and so is a feature',
    fault: withoutPrices,
    heldBy: ['featureDrift'],
  },
  {
    title: 'one segment swallows the rest',
    fault: withOneKindOfCustomer,
    heldBy: ['membershipChurn', 'featureDrift'],
  },
  {
    title: 'every line came twice, and the rule duplicates took one of each away',
    fault: withEveryLineTwice,
    heldBy: ['sourceRowChange'],
  },
  {
    title: 'every line came twice, and no rule looked for that',
    fault: withEveryLineTwice,
    pipeline: WITHOUT_DUPLICATES_RULE,
    heldBy: ['sourceRowChange'],
  },
]

describe('a quarter with a fault, after a good one', () => {
  let project: TestProject
  let load: ReturnType<typeof loadOf>
  let before: string

  beforeAll(async () => {
    project = await openShop('faults', { customers: 400 })
    load = loadOf(project)
    project.write('pipelines/shop.yaml', PIPELINE)
    await project.startWorker()
    await project.run(PUBLISHED)
    before = await checksum(project)
  })
  afterAll(() => project.close())

  it.each(STORIES)('is held and publishes nothing: $title', async ({ fault, pipeline = PIPELINE, heldBy }) => {
    load.write(fault(load.lines))
    project.write('pipelines/shop.yaml', pipeline)
    const run = await project.run(NEXT, 3)
    expect(run).toMatchObject({ status: 'held', verdict: 'hold' })
    expect(holdingGates(run)).toEqual(expect.arrayContaining([...heldBy]))
    const runId = `${run.runKey}~${run.revision}`
    const { code, stderr } = await project.cli(['reject', runId, '--reason', 'The load is wrong.', '--by', 'ada'])
    expect(code, stderr).toBe(0)
    await expect.poll(() => stateOf(project, run), { timeout: 30_000 }).toEqual(['rejected'])
    expect(await checksum(project)).toBe(before)
  })

  it('fails as SourceEmpty and publishes nothing: the source is empty', async () => {
    load.write([])
    project.write('pipelines/shop.yaml', PIPELINE)
    const { code, stderr } = await project.cli(['run', ...NEXT])
    expect(code).toBe(1)
    expect(stderr).toContain('SourceEmpty')
    expect(await checksum(project)).toBe(before)
  })

  it('fails as OlderThanPublished and publishes nothing: it is older than what is live', async () => {
    load.write(load.lines)
    const { code, stderr } = await project.cli(['run', 'shop', '--as-of', '2026-01-01'])
    expect(code).toBe(1)
    expect(stderr).toContain('OlderThanPublished')
    expect(await checksum(project)).toBe(before)
  })

  it('publishes the same quarter again with the same keys and without a move: its next revision', async () => {
    load.write(load.lines)
    const keys = await segmentKeys(project)
    const again = await project.run([...PUBLISHED, '--revision', 'next'])
    expect(again).toMatchObject({ status: 'published', revision: 2, moved: 0 })
    expect(await segmentKeys(project)).toEqual(keys)
    const moves = await project.sql(
      "select * from segment_transitions where run_key = 'shop@2026-04-01' and revision = 2 and move_reason is not null",
    )
    expect(moves).toEqual([])
  })

  it('publishes the quarter without a fault, so that it was the faults that were caught', async () => {
    const good = await project.run(NEXT)
    expect(good.status).toBe('published')
    expect(holdingGates(good)).toEqual([])
  })
})

/** Views that tell of runs, held ones among them. */
const OF_RUNS = ['validation_checks', 'data_quality', 'model_selection']

/** Of all that consumers read: views, files, and the pointer to the latest ones. */
async function checksum(project: TestProject): Promise<string> {
  const { views: all, objects } = await publishedContent(project)
  const views = Object.entries(all as object).filter(([view]) => !OF_RUNS.includes(view))
  const client = s3Of(project)
  const latest = await client.send(
    new GetObjectCommand({ Bucket: `segments-${project.target}`, Key: `${project.target}/shop/latest.json` }),
  )
  const pointer = await latest.Body!.transformToString()
  client.destroy()
  return createHash('sha256').update(JSON.stringify({ views, objects, pointer })).digest('hex')
}

function holdingGates({ checks }: RunStatus): readonly string[] {
  return checks.filter(({ outcome }) => outcome === 'hold').map(({ gate }) => gate)
}

async function stateOf(project: TestProject, { runKey, revision }: RunStatus): Promise<readonly string[]> {
  const rows = await project.sql<{ status: string }>('select status from runs where run_key = $1 and revision = $2', [
    runKey,
    revision,
  ])
  return rows.map(({ status }) => status)
}

async function segmentKeys(project: TestProject): Promise<unknown> {
  return project.sql('select customer_id, segment_key from customer_segments order by customer_id')
}
