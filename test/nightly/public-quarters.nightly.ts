import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LineageEdge } from '../../src/run/lineage.ts'
import type { TestProject } from '../e2e/project.ts'
import { openPipelines } from '../e2e/public-pipelines.ts'
import { renderPage, type PublishedQuarter, type Transition } from './quarter-page.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const PAGES = resolve(import.meta.dirname, '../../docs/examples')
const UPDATES = process.env.UPDATE_EXAMPLES === '1'
if (!existsSync(DATA)) console.warn('skipped: the public data sets are not beside the repository (../shared/data)')

interface Example {
  readonly pipeline: string
  readonly file: string
  readonly title: string
  readonly about: string
  readonly attribution: string
  readonly asOfs: readonly string[]
}

const EXAMPLES: readonly Example[] = [
  {
    pipeline: 'gift_shop',
    file: 'online_retail/online_retail_2010_2011.csv.gz',
    title: 'Online Retail: four quarters of a gift shop',
    about:
      'A British web shop for gifts, many of whose customers are wholesalers: 541,909 invoice lines from December 2010 to December 2011. Each quarter the customers are segmented anew by how much they have bought until then, and how widely.',
    attribution:
      'Data: UCI "Online Retail" (D. Chen, 2015), CC BY 4.0. Chen, Sain & Guo, "Data mining for the online retail industry", 2012, doi 10.1057/dbm.2012.17.',
    asOfs: ['2011-03-01', '2011-06-01', '2011-09-01', '2011-12-01'],
  },
  {
    pipeline: 'complete_journey',
    file: 'complete_journey/transactions_sample.csv.gz',
    title: 'Complete Journey: three quarters of groceries',
    about:
      'American households in 2017: a sample of 75,000 purchases of groceries, with incomes, ages, campaigns and coupons. Each quarter the households are segmented anew by all that is known of them until then.',
    attribution: 'Data: 84.51° "Complete Journey 2.0" from the R package completejourney 1.1.1, CC0.',
    asOfs: ['2017-07-01', '2017-10-01', '2018-01-01'],
  },
]

describe.each(EXAMPLES)('$title', ({ pipeline, file, asOfs, ...texts }) => {
  it.skipIf(!existsSync(join(DATA, file)))(
    'keeps its segments, counts everybody in every transition, and is recorded as it is',
    async () => {
      const project = await openPipelines(`q${pipeline.replaceAll('_', '')}`)
      try {
        await project.startWorker()
        const quarters: PublishedQuarter[] = []
        for (const asOf of asOfs) quarters.push(await publishQuarter(project, pipeline, asOf))
        for (const [i, quarter] of quarters.entries()) expectToReconcile(quarter, quarters[i - 1] ?? null)
        // Identities hold: no key is given twice, and each key of the first quarter has a history to the last.
        const known = new Set<string>()
        for (const { segments, lineage } of quarters)
          for (const { key } of segments) {
            const isNew = !lineage.some(({ toSegmentKey, kind }) => toSegmentKey === key && kind === 'survived')
            if (isNew && known.has(key))
              expect(lineage.some((one) => one.toSegmentKey === key && one.kind === 'returned')).toBe(true)
            known.add(key)
          }
        const definition = readFileSync(join(project.folder, `pipelines/${pipeline}.yaml`), 'utf8').replace(
          /^#.*\n/,
          '',
        )
        const page = await renderPage({ ...texts, definition, quarters })
        const path = join(PAGES, `${pipeline.replaceAll('_', '-')}.md`)
        if (UPDATES) {
          mkdirSync(dirname(path), { recursive: true })
          writeFileSync(path, page)
        }
        expect(page).toBe(readFileSync(path, 'utf8'))
      } finally {
        await project.close()
      }
    },
  )
})

/** Runs a quarter, and approves it as the one who reads the page where it is held. */
async function publishQuarter(project: TestProject, pipeline: string, asOf: string): Promise<PublishedQuarter> {
  const runKey = `${pipeline}@${asOf}`
  const { code, stdout, stderr } = await project.cli(['run', pipeline, '--as-of', asOf, '--json'])
  expect([0, 3], stdout + stderr).toContain(code)
  const reason = 'The customers changed, the source did not.'
  if (code === 3) {
    const decided = await project.cli(['approve', runKey, '--reason', reason, '--by', 'reader'])
    expect(decided.code, decided.stderr).toBe(0)
    await expect
      .poll(() => project.sql('select status from runs where run_key = $1', [runKey]), { timeout: 60_000 })
      .toEqual([{ status: 'published' }])
  }
  const of = <Row extends object>(sql: string): Promise<Row[]> => project.sql<Row>(sql, [runKey])
  const [run] = await of<{ verdict: string }>('select verdict from runs where run_key = $1')
  return {
    asOf,
    verdict: run!.verdict,
    approvedBecause: code === 3 ? reason : null,
    segments: await of(
      `select s.segment_key as key, s.name, count(*)::int as customers from customer_segments c join segments s using (segment_key)
       where c.run_key = $1 group by 1, 2 order by 3 desc, 1`,
    ),
    transitions: await of<Transition>(
      `select from_segment_key as "from", to_segment_key as "to", move_reason as reason, customers::int as customers
       from segment_transitions where run_key = $1`,
    ),
    lineage: await of<LineageEdge>(
      `select from_segment_key as "fromSegmentKey", to_segment_key as "toSegmentKey", kind, overlap, parent_share as "parentShare",
       child_share as "childShare" from segment_lineage where run_key = $1 order by 1, 2, 3`,
    ),
    checks: await of('select gate, outcome, message from validation_checks where run_key = $1 order by gate'),
    overlaps: Object.fromEntries(
      (
        await of<{ subject: string; value: number }>(
          "select subject, value from run_comparisons where run_key = $1 and measure = 'jaccard'",
        )
      ).map(({ subject, value }) => [subject, value]),
    ),
  }
}

/** Rows and columns of the transitions are the two populations, segment by segment, and nobody moved for no reason. */
function expectToReconcile({ transitions, segments }: PublishedQuarter, before: PublishedQuarter | null): void {
  const sums = (side: 'from' | 'to'): Record<string, number> => {
    const counted: Record<string, number> = {}
    for (const { [side]: key, customers } of transitions)
      if (key !== null) counted[key] = (counted[key] ?? 0) + customers
    return counted
  }
  const population = (of: PublishedQuarter['segments']): Record<string, number> =>
    Object.fromEntries(of.map(({ key, customers }) => [key, customers]))
  expect(sums('to')).toEqual(population(segments))
  expect(sums('from')).toEqual(population(before?.segments ?? []))
  for (const { from, to, reason } of transitions) expect(reason === null).toBe(from === to)
}
