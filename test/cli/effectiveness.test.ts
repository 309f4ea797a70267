import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop } from '../e2e/shop.ts'
import type { TestProject } from '../e2e/project.ts'
import type { TrialDifference } from '../../src/effectiveness/compare-trials.ts'
import type { EffectivenessLine as JudgedLine } from '../../src/report/effectiveness-lines.ts'
import type { TrialLine } from '../../src/report/trial-lines.ts'
import type { JudgedQuestion, KeptScore, Scorecard } from '../../src/scorecard/score.ts'

let shop: TestProject
beforeAll(async () => {
  shop = await openShop('scorecard', { customers: 300 })
  await shop.startWorker()
})
afterAll(() => shop?.close())

const ask = async (...options: readonly string[]): Promise<Scorecard & { readonly kept: readonly KeptScore[] }> => {
  const { code, stdout, stderr } = await shop.cli(['scorecard', ...options, '--json'])
  if (code !== 0) throw new Error(`exit ${code}\n${stdout}\n${stderr}`)
  return JSON.parse(stdout) as Scorecard & { readonly kept: readonly KeptScore[] }
}
const publish = async (asOf: string): Promise<void> => {
  const { code, stdout } = await shop.cli(['run', 'shop', '--as-of', asOf])
  expect(code, stdout).toBe(0)
}
const of = ({ questions }: Scorecard, number: number): JudgedQuestion => questions[number - 1]!

describe('the scorecard', () => {
  it('of an empty warehouse, after one run and after four says what is so by then, and keeps how it went', async () => {
    const empty = await ask('--save')
    // What the definition alone tells: there is one, with habits, behaviour, a rhythm and an owner.
    expect([2, 3, 6, 18].map((number) => of(empty, number).score)).toEqual([50, 33, 33, 67])
    expect(of(empty, 1)).toMatchObject({ score: 0, signs: [{ because: 'Nothing is published.' }, {}, {}] })
    // A sign that needs a publication says that there is none, whatever else it could not find.
    expect(of(empty, 7).signs[0]!.because).toBe('Nothing is published.')
    expect(of(empty, 17).signs[1]!.because).toBe('Neither events nor surveys, tickets or contacts are read.')
    expect(of(empty, 9)).toMatchObject({ score: 0, most: 33 })

    await publish('2026-01-01')
    const one = await ask('--save')
    expect(of(one, 1).signs.map(({ met }) => met)).toEqual([1, 1, 1])
    expect(of(one, 1).signs[0]!.because).toBe('shop has 4 segments live, of run shop@2026-01-01~1.')
    expect(of(one, 7).signs[0]!.because).toMatch(/^“[^”]+” brings \d+ % of monetary with \d+ % of the customers\.$/)
    expect(of(one, 16).signs[0]).toMatchObject({
      met: null,
      because: 'shop@2026-01-01~1 is the first: nothing to compare with.',
    })

    for (const asOf of ['2026-04-01', '2026-07-01', '2026-10-01']) await publish(asOf)
    shop.write(
      'scorecard.yaml',
      `answers:\n  9: { answer: partly, note: two of three campaigns, by: ada, on: ${new Date().toISOString().slice(0, 10)} }\n`,
    )
    const page = join(shop.folder, 'scorecard.html')
    const four = await ask('--save', '--html', page)
    expect(of(four, 11).signs[0]).toMatchObject({
      met: 1,
      because: 'shop was published 4 times in the last twelve months.',
    })
    // Counted in the record of moves, apart from what the command adds up.
    const [{ share }] = (await shop.sql<{ share: number }>(
      `select sum(customers) filter (where from_segment_key <> to_segment_key)::float / sum(customers) as share
       from segment_transitions
       where run_key = 'shop@2026-10-01' and from_segment_key is not null and to_segment_key is not null`,
    )) as [{ share: number }]
    expect(share).toBeGreaterThan(0)
    expect(share).toBeLessThan(1)
    expect(of(four, 16).signs[0]).toMatchObject({
      met: share <= 0.35 ? 1 : 0,
      because: `${Math.round(share * 100)} % of those present before and in shop@2026-10-01~1 changed.`,
    })
    // Names that people did not give hold commas.
    expect(of(four, 12).signs[2]!.because).toMatch(/^Nobody for “[^”]+”(?:, “[^”]+”)+\.$/)
    expect(of(four, 9)).toMatchObject({ score: 17, most: 17 })
    expect(four.score).toBeGreaterThan(one.score)
    expect(one.score).toBeGreaterThan(empty.score)

    expect(four.kept.map(({ score, most }) => [score, most])).toEqual(
      [empty, one, four].map(({ score, most }) => [score, most]),
    )
    const history = await shop.cli(['scorecard', '--history'])
    expect(history.stdout.trim().split('\n')).toHaveLength(3)
    const html = readFileSync(page, 'utf8')
    expect(html).toContain(`Score: ${four.score}–${four.most} of 100`)
    expect(html).toContain('ada says partly: two of three campaigns.')
  })

  it('on a terminal shows each question with its signs, and what would raise them', async () => {
    const { stdout } = await shop.cli(['scorecard'])
    expect(stdout).toMatch(/^ +100 {2}5\. When did we last run a segmentation analysis\?$/m)
    expect(stdout).toMatch(/^ +- Segments go to the tools that write to customers\. No pipeline has destinations/m)
    expect(stdout).toMatch(/^ +→ Name a webhook, a list of files or a table under `activate`\.$/m)
    expect(stdout).toMatch(/^ +\d+–\d+ {2}of 100 altogether; \d+ signs nobody can tell yet$/m)
  })

  it('refuses answers that are none, quoting them, and asks nothing before', async () => {
    shop.write('scorecard.yaml', 'answers:\n  9: { answer: maybe, by: ada, on: 2026-11-01 }\n  19: { answer: yes }\n')
    const { code, stderr } = await shop.cli(['scorecard'])
    expect(code).toBe(2)
    expect(stderr).toContain('scorecard.yaml:2')
    expect(stderr).toContain('"maybe"')
  })
})

describe('the effectiveness of segments', () => {
  it('judges the run before the last by what came after it, keeps it once, and any other two that are named', async () => {
    const judge = async (...options: readonly string[]) => {
      const { code, stdout, stderr } = await shop.cli(['effectiveness', 'shop', ...options, '--json'])
      if (code !== 0) throw new Error(`exit ${code}\n${stdout}\n${stderr}`)
      return JSON.parse(stdout) as { judged: JudgedLine[]; kept: JudgedLine[] }
    }
    const { judged, kept } = await judge('--save')
    expect(judged).toHaveLength(1)
    expect(judged[0]).toMatchObject({ run: 'shop@2026-07-01~1', judgedBy: 'shop@2026-10-01~1', target: 40 })
    expect(judged[0]!.index).toBeGreaterThan(5)
    // Customers of the demo shop differ by how often they buy, which lasts: segments by lot do not tell as much.
    expect(judged[0]!.permutationP).toBe(1 / 200)
    expect(kept).toHaveLength(1)
    expect((await judge('--save')).kept).toEqual(kept)
    const [row] = await shop.sql(
      "select run_key, judged_by, band, customers::int as customers from segmentation_effectiveness where pipeline = 'shop'",
    )
    expect(row).toEqual({
      ...{ run_key: 'shop@2026-07-01', judged_by: 'shop@2026-10-01~1' },
      ...{ band: judged[0]!.band, customers: judged[0]!.customers },
    })
    const two = await judge('--of', 'shop@2026-01-01', 'shop@2026-04-01', '--by', 'shop@2026-07-01')
    expect(two.judged.map(({ run, judgedBy }) => [run, judgedBy])).toEqual([
      ['shop@2026-01-01~1', 'shop@2026-07-01~1'],
      ['shop@2026-04-01~1', 'shop@2026-07-01~1'],
    ])
    const told = await shop.cli(['effectiveness', 'shop'])
    expect(told.stdout).toMatch(/^shop@2026-07-01~1: effectiveness \d+ of 100 \((low|moderate|good|high)\)/)
    expect((await shop.cli(['effectiveness', 'shop', '--history'])).stdout.trim().split('\n')).toHaveLength(2)
  })

  it('never lets a run judge what was made after it, or as of the same instant', async () => {
    for (const of of ['shop@2026-10-01', 'shop@2026-07-01']) {
      const { code, stderr } = await shop.cli(['effectiveness', 'shop', '--of', of, '--by', 'shop@2026-07-01'])
      expect(code).toBe(2)
      expect(stderr).toContain('it knows nothing of what came after')
    }
  })
})

describe('a trial', () => {
  it('judges the pipeline, other methods and other definitions on one past quarter by the next, and publishes none', async () => {
    const published = await shop.sql('select run_key, revision, status from runs order by run_key, revision')
    const other = shop
      .read('pipelines/shop.yaml')
      .replace(/^cluster: .*$/m, 'cluster: { count: 2, starts: 1, seed: 7 }')
    shop.write('two.yaml', other)
    const { code, stdout, stderr } = await shop.cli([
      ...['trial', 'shop', '--as-of', '2026-Q1', '--methods', 'rfm'],
      ...['--definitions', join(shop.folder, 'two.yaml'), '--json'],
    ])
    expect(code, stderr).toBe(0)
    const found = JSON.parse(stdout) as {
      readonly from: string
      readonly until: string
      readonly trials: readonly TrialLine[]
      readonly best: string
      readonly differences: readonly TrialDifference[]
    }
    expect([found.from, found.until]).toEqual(['2026-03-31T22:00:00Z', '2026-06-30T22:00:00Z'])
    expect(found.trials.map(({ name, failure }) => [name, failure])).toEqual([
      ['as written', null],
      ['rfm', null],
      [join(shop.folder, 'two.yaml'), null],
    ])
    // All are of the same customers and the same outcome, so that plain quintiles tell as much of each.
    const [written, rfm, two] = found.trials.map(({ effectiveness }) => effectiveness!)
    expect([rfm!.rfm, two!.rfm]).toEqual([written!.rfm, written!.rfm])
    expect(two!.segments).toBe(2)
    const indexes = found.trials.map(({ effectiveness }) => effectiveness!.index!)
    const best = found.trials.findIndex(({ name }) => name === found.best)
    expect(indexes[best]).toBe(Math.max(...indexes))
    expect(found.differences.map(({ difference }) => difference)).toEqual(
      indexes.map((index) => indexes[best]! - index),
    )
    expect(stderr).toMatch(/^as written:$/m)
    expect(await shop.sql('select run_key, revision, status from runs order by run_key, revision')).toEqual(published)
  })

  it('says before anything runs what cannot be tried', async () => {
    const refused = async (...options: readonly string[]): Promise<string> => {
      const { code, stderr } = await shop.cli(['trial', 'shop', ...options])
      expect(code, stderr).toBe(2)
      return stderr
    }
    expect(await refused('--as-of', '2026-01-01', '--methods', 'rules')).toContain(
      'cannot be tried with method rules and its defaults',
    )
    expect(await refused('--as-of', '2026-01-01', '--methods', 'astrology')).toContain('One of kmeans')
    expect(await refused('--as-of', '2026-01-01', '--definitions', 'nowhere.yaml')).toContain('nowhere.yaml')
    shop.write('broken.yaml', 'pipeline: shop\ncluster: { count: many }\n')
    expect(await refused('--as-of', '2026-01-01', '--definitions', join(shop.folder, 'broken.yaml'))).toContain(
      'broken.yaml:2',
    )
    expect(await refused('--as-of', '2126-01-01')).toContain('is not over yet')
    expect(await refused('--as-of', '2026-Q9')).toContain('2026-Q9')
  })
})
