import { createHash } from 'node:crypto'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { ToldDefinitionDiff } from '../../src/report/definition-diff.ts'
import type { RunDiff } from '../../src/stages/validate/diff/run-diff.ts'
import type { TestProject } from './project.ts'
import { s3Of } from './published-content.ts'
import { openShop, shopPipeline } from './shop.ts'

let shop: TestProject
let whole: RunStatus
let sample: RunStatus

const json = async <T>(...commandLine: readonly string[]): Promise<T> => {
  const { code, stdout, stderr } = await shop.cli([...commandLine, '--json'])
  if (code !== 0) throw new Error(`exit ${code}\n${stdout}\n${stderr}`)
  return JSON.parse(stdout) as T
}

/** One digest of every row of every table of the target's schema, the record of runs among them, and of every byte under its prefix. */
async function checksums(): Promise<Readonly<Record<string, string>>> {
  const tables = await shop.sql<{ name: string; kind: string }>(
    `select c.relname as name, c.relkind as kind from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p', 'S', 'm') order by c.relname`,
    [shop.schema],
  )
  const sums: Record<string, string> = {}
  for (const { name, kind } of tables) {
    const [row] = await shop.sql<{ sum: string }>(
      kind === 'S'
        ? `select last_value::text || is_called as sum from "${name}"`
        : `select md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) as sum from "${name}" t`,
    )
    sums[name] = row!.sum
  }
  const s3 = s3Of(shop)
  const Bucket = `segments-${shop.target}`
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${shop.target}/` }))
  for (const { Key } of Contents) {
    const object = await s3.send(new GetObjectCommand({ Bucket, Key: Key! }))
    sums[Key!] = createHash('sha256')
      .update(await object.Body!.transformToByteArray())
      .digest('hex')
  }
  s3.destroy()
  return sums
}

beforeAll(async () => {
  shop = await openShop('dryrun', { customers: 1_000 })
  await shop.startWorker()
  await shop.run(['shop', '--as-of', '2026-07-01'])
})
afterAll(() => shop?.close())

describe('a dry run', () => {
  it('changes no byte of what consumers read, whole or of a sample', async () => {
    const before = await checksums()
    expect(Object.keys(before).length).toBeGreaterThan(20)
    expect(Object.keys(before).some((key) => key.endsWith('.parquet'))).toBe(true)
    whole = await shop.run(['shop', '--as-of', '2026-10-01', '--dry-run'])
    sample = await shop.run(['shop', '--as-of', '2026-10-01', '--dry-run', '--sample', '400'])
    expect([whole.status, sample.status]).toEqual(['dry_run', 'dry_run'])
    expect(await checksums()).toEqual(before)
  })

  it('of a sample is compared with the same customers of what is live, and says how far from the whole it may be', () => {
    const { customers, wanted, ofCustomers, share, churn } = sample.sample!
    expect(wanted).toBe(400)
    expect(ofCustomers).toBeGreaterThan(600)
    expect(share).toBeCloseTo(400 / ofCustomers, 6)
    expect(customers).toBe(sample.segments.reduce((sum, segment) => sum + segment.customers, 0))
    // Of a sample of 400 the size itself is off by about 20.
    expect(Math.abs(customers! - 400)).toBeLessThan(70)
    expect(churn!.lower).toBeLessThanOrEqual(churn!.share)
    expect(churn!.upper).toBeGreaterThanOrEqual(churn!.share)
    // Lost customers are those of the sample, too: not everybody who is not in it.
    const lost = sample.moves!.largest.filter(({ moveReason }) => moveReason === 'lost')
    expect(lost.reduce((sum, move) => sum + move.customers, 0)).toBeLessThan(200)
    const rows = sample.checks.filter(({ gate }) => gate === 'rowCount' || gate === 'sourceRowChange')
    expect(rows.map(({ outcome }) => outcome)).toEqual(['pass', 'pass'])
    const inWhole = whole.checks.find(({ gate }) => gate === 'rowCount')!.value!
    expect(rows.find(({ gate }) => gate === 'rowCount')!.value! - inWhole).toBeLessThan(0.3)
    expect(whole.sample).toBeUndefined()
  })

  it('looks at the same customers each time', async () => {
    const again = await shop.run(['shop', '--as-of', '2026-10-01', '--dry-run', '--sample', '400'])
    expect(again.segments).toEqual(sample.segments)
    expect(again.moves).toEqual(sample.moves)
  })

  it('takes a sample only when it is dry', async () => {
    const { code, stderr } = await shop.cli(['run', 'shop', '--as-of', '2026-10-01', '--sample', '400'])
    expect(code).toBe(2)
    expect(stderr).toContain('--dry-run --sample 400')
    const told = await shop.cli(['describe', 'shop@2026-10-01~1-dry-sample-400'])
    expect(told.stdout.replaceAll(/\s+/g, ' ')).toContain('customers (')
    expect(told.stdout).toContain('A sample: ')
  })
})

describe('two runs', () => {
  it('are compared, also when one is dry, or looked at some customers only', async () => {
    const stored = await json<RunDiff>('diff', 'shop@2026-07-01', 'shop@2026-10-01~1-dry')
    // A dry run is not compared with a publication only: it was validated against what is live.
    expect(stored).toMatchObject({ source: 'stored', moved: whole.moved, after: { run: 'shop@2026-10-01~1-dry' } })
    const back = await json<RunDiff>('diff', 'shop@2026-10-01~1-dry', 'shop@2026-07-01')
    expect(back).toMatchObject({ source: 'computed', withoutReasons: null, moved: whole.moved, panel: stored.panel })
    const both = await json<RunDiff>('diff', 'shop@2026-10-01~1-dry', 'shop@2026-10-01~1-dry-sample-400')
    expect(both.panel).toBe(sample.sample!.customers)
    expect(both.customersBefore).toBe(both.customers)
    const screen = await shop.cli(['diff', 'shop@2026-07-01', 'shop@2026-10-01~1-dry'])
    expect(screen.stdout).toContain('was compared with exactly shop@2026-07-01~1')
    expect(screen.stdout).toMatch(/^Who moved and why:$/m)
  })

  it('that are none, or of which there is only one, are refused with what to do', async () => {
    const unknown = await shop.cli(['diff', 'shop@2026-07-01', 'shop@2025-01-01'])
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('resegment runs shop')])
    const alone = await shop.cli(['diff', 'shop@2026-07-01'])
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('Name two')])
    await shop.run(['shop', '--as-of', '2026-10-01', '--dry-run', '--until', 'features'])
    const early = await shop.cli(['diff', 'shop@2026-07-01', 'shop@2026-10-01~1-dry-features'])
    expect(early.stderr).toContain('did not come to the end of stage validate')
  })
})

describe('a changed definition', () => {
  it('is compared with that of the live run, key by key with file and line, and says what follows', async () => {
    const same = await shop.cli(['diff', 'shop', '--definition'])
    expect(same.stdout).toContain(
      'The definition of shop is that of what is live (shop@2026-07-01~1): nothing would change.',
    )
    const changed = shopPipeline({ features: '[recency, frequency, averageOrderValue, tenure, trend]' })
    shop.write('pipelines/shop.yaml', changed.replace('owner: growth-data', 'owner: crm'))
    const found = await json<ToldDefinitionDiff>('diff', 'shop', '--definition')
    expect(found).toMatchObject({
      comparedWith: 'live',
      run: 'shop@2026-07-01~1',
      stages: ['features', 'cluster', 'validate', 'publish'],
      features: { added: [], removed: ['monetary'], remeasured: [] },
      fitSettings: ['feature monetary'],
      movesByDefinition: true,
      isDeployed: null,
    })
    expect(found.changes.map(({ key, file, line, from }) => [key, file, line, from])).toEqual([
      ['owner', 'pipelines/shop.yaml', 3, 'growth-data'],
      ['features', 'pipelines/shop.yaml', 11, 'monetary'],
    ])
    const screen = await shop.cli(['diff', 'shop', '--definition'])
    expect(screen.stdout).toContain('owner  (pipelines/shop.yaml:3)')
    expect(screen.stdout).toContain('Features removed: monetary.')
    const wrong = await shop.cli(['diff', 'shop@2026-07-01', '--definition'])
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('resegment diff shop --definition')])
  })
})
