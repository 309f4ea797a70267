import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Verification } from '../../src/run/verification.ts'
import { doctorCircumstances, eraseByHand, removeArtifact, storedKeys } from './kept-artifacts.ts'
import type { CliResult, TestProject } from './project.ts'
import { openShop } from './shop.ts'

const FIRST = 'shop@2026-07-01'
const SECOND = 'shop@2026-10-01'
const SCORED = 'shop@2026-10-15.score'
const STAGES = ['extract', 'cleanse', 'features', 'cluster', 'validate']

describe('verify', () => {
  let project: TestProject
  beforeAll(async () => {
    project = await openShop('verified', {
      pipeline: {
        cleanse: `
  - { rule: required, do: drop, maxShare: 0.1 }
  - { rule: duplicates, do: drop }
  - { rule: cancellations, when: { sql: "order_id like 'C%'" }, do: net }
  - { rule: outliers, column: quantity, quantiles: { upper: 0.99 }, do: drop, maxShare: 0.05 }`,
        features: '[recency, frequency, { monetary: { transform: log1p } }, tenure, categoryShares]',
        validate: '{ minimumChange: 0.05 }',
      },
    })
    const yaml = project.read('pipelines/shop.yaml')
    const [someone] = firstCustomers(project)
    project.write(
      'pipelines/shop.yaml',
      `${yaml}overrides:\n  - { customer: ${someone}, segment: shop-1, reason: key account, author: ada }\n`,
    )
    await project.startWorker()
    for (const asOf of ['2026-07-01', '2026-10-01']) await project.run(['shop', '--as-of', asOf])
    await project.run(['shop', '--score', '--as-of', '2026-10-15'])
  })
  afterAll(() => project.close())

  it.each([FIRST, SECOND, SCORED])(
    'finds %s equal, though other segments are live by now, and leaves nothing behind',
    async (run) => {
      const { result, answer } = await verify(run)
      expect(result.code, result.stderr).toBe(0)
      expect(answer).toMatchObject({ answer: 'equal', erased: 0, versions: [] })
      expect(answer.stages.map(({ stage }) => stage)).toEqual(STAGES)
      expect(answer.stages.every(({ isEqual }) => isEqual)).toBe(true)
      expect(answer.places.map(({ place, what }) => `${place} ${what}`)).toEqual([
        'warehouse memberships',
        'warehouse values',
        'warehouse segments',
        'warehouse transitions',
        'files bytes',
        'files memberships',
      ])
      expect(await storedKeys(project, '/dry-run/')).toEqual([])
    },
  )

  it('reads the sources again when asked to, and says which of them has other rows now', async () => {
    const same = await verify(SECOND, '--from-source')
    expect(same.answer, same.result.stderr).toMatchObject({
      answer: 'equal',
      stages: [{ how: 'read again' }, {}, {}, {}, {}],
    })
    appendOrder(project)
    expect((await verify(SECOND)).answer).toMatchObject({ answer: 'equal' })
    const other = await verify(SECOND, '--from-source')
    expect(other.result.code).toBe(4)
    expect(other.answer).toMatchObject({
      answer: 'inputs_changed',
      reasons: [expect.stringMatching(/^Source order_lines \(transactions\) has other content now: \d+ rows before/)],
    })
  })

  it('reads them also when what the run read is not kept any more', async () => {
    await removeArtifact(project, FIRST, 'extract', /manifest\.json$/)
    const { result, answer } = await verify(FIRST)
    expect(result.code, result.stderr).toBe(4)
    expect(answer.reasons[0]).toMatch(
      /^What the run read is not kept any more, and order_lines has other rows now: fingerprint/,
    )
  })

  it('says of another version of a stage that the content is equal nevertheless', async () => {
    const restore = await doctorCircumstances(project, SECOND, ({ versions, ...others }) => ({
      ...others,
      versions: { ...versions, features: 0 },
    }))
    const { result, answer } = await verify(SECOND)
    await restore()
    expect(result.code, result.stderr).toBe(5)
    expect(answer).toMatchObject({
      answer: 'code_changed',
      versions: [{ of: 'features', recorded: 'version 0' }],
      reasons: [expect.stringContaining('features version 0'), 'The content is equal nevertheless.'],
    })
  })

  it('finds what somebody changed in the published tables, and names the column', async () => {
    const id = "(select id from publication where run_key = 'shop@2026-10-01')"
    const touch = `update membership_score set distance = distance + $1
      where publication_id = ${id} and customer_id = (select max(customer_id) from membership_score where publication_id = ${id})`
    await project.sql(touch, [1])
    const { result, answer } = await verify(SECOND)
    await project.sql(touch, [-1])
    expect(result.code, result.stderr).toBe(6)
    expect(answer).toMatchObject({
      answer: 'different',
      reasons: ['Values in the warehouse: 1 customers have another distance.'],
    })
    const moved = 'update membership_open set segment_key = $1 where customer_id = $2 returning segment_key'
    const [open] = await project.sql<{ customer_id: string; segment_key: string }>(
      'select customer_id, segment_key from membership_open order by customer_id limit 1',
    )
    const other = open!.segment_key === 'shop-1' ? 'shop-2' : 'shop-1'
    await project.sql(moved, [other, open!.customer_id])
    const told = await project.cli(['verify', SCORED])
    await project.sql(moved, [open!.segment_key, open!.customer_id])
    expect(told.code).toBe(6)
    expect(told.stdout).toContain('Memberships in the warehouse: 1 customers have another segment_key.')
    expect(told.stdout).not.toContain(open!.customer_id)
  })

  it('goes by the recorded model once customers were erased, and is equal except for them', async () => {
    const erased = firstCustomers(project).slice(1, 4)
    await eraseByHand(project, SECOND, erased)
    const { result, answer } = await verify(SECOND)
    expect(result.code, result.stderr).toBe(0)
    expect(answer).toMatchObject({ answer: 'equal_except_erased', erased: 3 })
    expect(answer.stages.map(({ stage }) => stage)).toEqual(STAGES.slice(0, -1))
    expect(answer.places).toContainEqual(expect.objectContaining({ what: 'placements', isEqual: true }))
    // Of somebody else the warehouse has lost the row, too: nobody erased that one.
    const [other] = await project.sql<{ customer_id: string }>(
      'select min(customer_id) as customer_id from membership_open',
    )
    await project.sql(
      'delete from membership_score where customer_id = $1 and publication_id = (select id from publication where run_key = $2)',
      [other!.customer_id, SECOND],
    )
    const lost = await verify(SECOND)
    expect(lost.result.code).toBe(6)
    expect(lost.answer.reasons).toEqual(['Values in the warehouse: 1 customers are missing.'])
  })

  it('refuses a run that consumers never saw', async () => {
    const refused = await project.cli(['verify', 'shop@2026-01-01'])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('NotVerifiable') as string })
  })

  async function verify(run: string, ...options: string[]): Promise<{ result: CliResult; answer: Verification }> {
    const result = await project.cli(['verify', run, ...options, '--json'])
    return { result, answer: JSON.parse(result.stdout || '{}') as Verification }
  }
})

function orderLines({ folder }: TestProject): { readonly path: string; readonly lines: readonly string[] } {
  const path = join(folder, 'data/order_lines.csv.gz')
  return { path, lines: gunzipSync(readFileSync(path)).toString().trim().split('\n') }
}

/** Ids of those who come first in the file, in their order. */
function firstCustomers(project: TestProject): readonly string[] {
  const { lines } = orderLines(project)
  const column = lines[0]!.split(',').indexOf('customer_id')
  return [...new Set(lines.slice(1).map((line) => line.split(',')[column]!))].slice(0, 5)
}

/** One line of an order twice as much: somebody corrected the shop's books. */
function appendOrder(project: TestProject): void {
  const { path, lines } = orderLines(project)
  const column = lines[0]!.split(',').indexOf('order_id')
  const copied = lines[1]!.split(',').map((value, index) => (index === column ? `${value}9` : value))
  writeFileSync(path, gzipSync([...lines, copied.join(',')].join('\n') + '\n'))
}
