import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, shopPipeline } from '../e2e/shop.ts'
import type { TestProject } from '../e2e/project.ts'
import type { MovedCustomers } from '../../src/activities/list-moved-customers.ts'
import type { Move } from '../../src/run/moves.ts'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { FeatureDistributions } from '../../src/stages/features/distribution.ts'

let shop: TestProject
const json = async <T>(...commandLine: readonly string[]): Promise<T> => {
  const { code, stdout, stderr } = await shop.cli([...commandLine, '--json'])
  if (code !== 0) throw new Error(`exit ${code}\n${stdout}\n${stderr}`)
  return JSON.parse(stdout) as T
}

beforeAll(async () => {
  shop = await openShop('clicommands')
  await shop.startWorker()
})
afterAll(() => shop?.close())

describe('a run', () => {
  it('prints its stages, segments, checks and where to look, and ends with 0', async () => {
    const { code, stdout } = await shop.cli(['run', 'shop', '--as-of', '2026-07-01'])
    expect(code).toBe(0)
    for (const stage of ['extract', 'cleanse', 'features', 'cluster', 'validate', 'publish'])
      expect(stdout).toMatch(new RegExp(`^${stage} +[\\d,]+ (rows|customers)`, 'm'))
    expect(stdout).toContain('shop@2026-07-01~1 (2026-Q2) is published')
    expect(stdout).toMatch(/^Segment +Customers +Share +Key$/m)
    expect(stdout).toContain('First run: there was nothing to compare with.')
    expect(stdout).toMatch(
      /^Files +s3:\/\/segments-clicommands\/clicommands\/shop\/run=shop@2026-07-01~1\/manifest\.json$/m,
    )
  })

  it('prints one document with --json, with exactly the keys of a run status', async () => {
    const status = await json<object>('run', 'shop', '--as-of', '2026-07-01')
    expect(Object.keys(status).sort()).toEqual(
      'artifacts asOf checks kind lineage manifestUri moved moves pages period pipeline remarks revision runKey segments stages status temporalRunId verdict workflowId'.split(
        ' ',
      ),
    )
    expect(status).toMatchObject({ runKey: 'shop@2026-07-01', revision: 1, period: '2026-Q2', status: 'published' })
  })

  it('that is held ends with 3 and says how to decide; approved, it is published', async () => {
    shop.write('pipelines/shop.yaml', shopPipeline({ validate: '{ largestSegment: { hold: { above: 0.01 } } }' }))
    const held = await shop.cli(['run', 'shop', '--as-of', '2026-10-01'])
    expect(held.code).toBe(3)
    expect(held.stdout).toMatch(/^largestSegment +\d+\.\d % {2}hold: above 1 %$/m)
    expect(held.stdout).toMatch(/^Who would move and why:$/m)
    expect(held.stdout).toContain('resegment moves shop@2026-10-01~1 --target clicommands')
    expect(held.stdout).toContain('resegment approve shop@2026-10-01~1 --target clicommands --reason')
    const described = await json<RunStatus>('describe', 'shop@2026-10-01')
    expect(described.checks).toContainEqual(expect.objectContaining({ outcome: 'hold', threshold: 'above 0.01' }))
    // The customers behind the moves are as many as the summary says.
    const { largest, otherCustomers } = described.moves!
    const { total, customers } = await json<MovedCustomers>('moves', 'shop@2026-10-01', '--limit', '1')
    expect(total).toBe(largest.reduce((sum, move) => sum + move.customers, otherCustomers))
    expect(customers).toHaveLength(1)
    const [{ fromSegmentKey, toSegmentKey, customers: count }] = largest as [Move]
    const filter = ['--from', fromSegmentKey ?? 'none', '--to', toSegmentKey ?? 'none']
    const alike = await json<MovedCustomers>('moves', 'shop@2026-10-01', ...filter)
    expect(alike.total).toBeGreaterThanOrEqual(count)
    // What the gate found is a page of its own, and everybody in the segment can be listed.
    expect(held.stdout).toMatch(/^ {2}Why it matters: /m)
    const { page } = described.checks.find(({ gate }) => gate === 'largestSegment')!
    const [, , , , key] = page!.list!.split(' ')
    const inSegment = await json<MovedCustomers>('moves', 'shop@2026-10-01', '--to', key!, '--all')
    expect(inSegment.total).toBe(page!.customers)
    const approved = await shop.cli(['approve', 'shop@2026-10-01', '--reason', 'looks right', '--by', 'ada'])
    expect(approved).toMatchObject({ stderr: '', code: 0, stdout: 'Approved clicommands/shop@2026-10-01~1 as ada.\n' })
    expect(await json('run', 'shop', '--as-of', '2026-10-01')).toMatchObject({ status: 'published', verdict: 'hold' })
    const again = await shop.cli(['approve', 'shop@2026-10-01', '--reason', 'again'])
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/^DecisionRefused: /)
  })

  it('has gates that can be tried with other thresholds on what it recorded', async () => {
    shop.write('pipelines/shop.yaml', shopPipeline({ validate: '{ largestSegment: { fail: { above: 0.01 } } }' }))
    const { runs } = await json<{ runs: readonly { run: string; then: string; verdict: string }[] }>(
      ...['gates', 'shop', '--history'],
    )
    expect(runs.map(({ run, verdict }) => [run, verdict])).toEqual([
      ['shop@2026-10-01~1', 'fail'],
      ['shop@2026-07-01~1', 'fail'],
    ])
    const { stdout } = await shop.cli(['gates', 'shop', '--history', '--last', '1'])
    expect(stdout).toMatch(/^largestSegment +\d+\.\d % fail$/m)
    expect(stdout).toMatch(/^verdict then +hold$/m)
    expect((await shop.cli(['gates', 'shop'])).stdout).toMatch(/^largestSegment +share +fail above 0\.01 +hold/m)
  })

  it('that fails ends with 1 and says stage, cause, remedy and what to type', async () => {
    shop.write(
      'pipelines/shop.yaml',
      shopPipeline({ cluster: '{ count: 50, sampleRows: 100 }', features: '[recency]' }),
    )
    shop.write('resegment.yaml', shop.read('resegment.yaml').replace('order_lines.csv.gz', 'nowhere.csv'))
    const { code, stderr } = await shop.cli(['run', 'shop', '--as-of', '2026-10-01', '--revision', 'next'])
    shop.write('resegment.yaml', shop.read('resegment.yaml').replace('nowhere.csv', 'order_lines.csv.gz'))
    shop.write('pipelines/shop.yaml', shopPipeline())
    expect(code).toBe(1)
    expect(stderr).toContain('Stage extract failed (SourceUnreadable): Source order_lines: no file matches')
    expect(stderr).toContain('resegment run shop --as-of 2026-10-01 --revision next --target clicommands')
  })
})

describe('looking', () => {
  it('lists the runs, the newest first', async () => {
    const runs = await json<{ runKey: string; revision: number; status: string }[]>('runs', 'shop')
    expect(runs.map(({ runKey, revision, status }) => `${runKey}~${revision} ${status}`)).toEqual([
      'shop@2026-10-01~2 failed',
      'shop@2026-10-01~1 published',
      'shop@2026-07-01~1 published',
    ])
  })

  it('describes a run with who moved and who decided', async () => {
    const { stdout } = await shop.cli(['describe', 'shop@2026-10-01~1'])
    expect(stdout).toContain('Consumers see this run now.')
    expect(stdout).toContain('Who moved and why:')
    expect(stdout).toMatch(/UTC {2}approved by ada \(sent by \d+@.+\): looks right$/m)
    const failed = await shop.cli(['describe', 'shop@2026-10-01'])
    expect(failed.stdout).toContain('Stage extract failed (SourceUnreadable):')
  })

  it('shows segments and single customers', async () => {
    const segments = await json<{ segmentKey: string; customers: number }[]>('segments', 'shop')
    expect(segments.length).toBeGreaterThanOrEqual(4)
    const [member] = await shop.sql<{ customer_id: string; segment_key: string }>(
      'select customer_id, segment_key from customer_segments order by 1 limit 1',
    )
    expect(await json('customer', 'shop', member!.customer_id)).toMatchObject({
      customerId: member!.customer_id,
      current: { segmentKey: member!.segment_key },
    })
    const nobody = await shop.cli(['customer', 'shop', 'nobody'])
    expect(nobody.code).toBe(1)
    expect(nobody.stderr).toMatch(/^CustomerNotFound: /)
  })

  it('gives the addresses of the servers', async () => {
    const endpoints = await json<Record<string, unknown>>('endpoints')
    expect(Object.keys(endpoints)).toEqual(['temporal', 'temporalUi', 'warehouse', 's3', 'bucket', 'schema'])
    expect(endpoints).toMatchObject({ bucket: 'segments-clicommands', schema: 'segmentation_clicommands' })
  })

  it('examines everything a run needs', async () => {
    const { ok, checks } = await json<{ ok: boolean; checks: { name: string; outcome: string }[] }>('doctor')
    expect(ok).toBe(true)
    expect(checks.find(({ name }) => name === 'workers')?.outcome).toBe('ok')
  })

  it('hears of the other servers when one is down', async () => {
    const { code, stdout } = await shop.cli(['doctor', '--json'], { TEMPORAL_ADDRESS: '127.0.0.1:1' })
    expect(code).toBe(1)
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { name: string; outcome: string }[] }
    expect(ok).toBe(false)
    const outcomeOf = (wanted: string) => checks.find(({ name }) => name === wanted)?.outcome
    expect([outcomeOf('temporal'), outcomeOf('warehouse'), outcomeOf('bucket writes')]).toEqual(['problem', 'ok', 'ok'])
  })
})

describe('features', () => {
  const UNTIL = ['--dry-run', '--until', 'features']
  const names = (profile: Profiled): unknown => profile.features.features.map(({ feature }) => feature)

  it('are shown by a dry run until features, which leaves nothing behind', async () => {
    const before = await json('runs', 'shop')
    const { code, stdout } = await shop.cli(['run', 'shop', '--as-of', '2026-10-01', ...UNTIL])
    expect(code).toBe(0)
    expect(stdout).toContain('shop@2026-10-01~1 (2026-Q3) was a dry run until features: nothing was written')
    expect(stdout).not.toMatch(/^(cluster|validate|publish) /m)
    expect(stdout).toMatch(/^6 features of \d+ customers$/m)
    expect(stdout).toMatch(/^Feature +Null +Zero +Min +p10 +Median +p90 +Max +Mean$/m)
    expect(stdout).toMatch(/^ {2}money +[\d,.]+ {2}│[ ▁▂▃▄▅▆▇█]{16}│ {2}[\d,.]+ +log1p +│[ ▁▂▃▄▅▆▇█]{16}│$/m)
    expect(await json('runs', 'shop')).toEqual(before)
  })

  it('are shown of a pipeline and of a run that there is, the same of the same data, in one document', async () => {
    const profiled = await json<Profiled>('profile', 'shop', '--as-of', '2026-10-01')
    expect(Object.keys(profiled.artifacts)).toEqual(['extract', 'cleanse', 'features'])
    expect(profiled).toMatchObject({ status: 'dry_run', verdict: null })
    expect(names(profiled)).toEqual(['recency', 'frequency', 'monetary', 'averageOrderValue', 'tenure', 'trend'])
    const customers = profiled.stages.find(({ stage }) => stage === 'features')!.rowsOut
    for (const { figures } of profiled.features.features) {
      const histogram = figures.kind === 'number' ? figures.histogram : null
      expect(histogram?.customers.reduce((sum, count) => sum + count, 0)).toBe(customers)
    }
    const published = await json<Profiled>('profile', 'shop@2026-10-01~1')
    expect(published.status).toBe('published')
    expect(published.features).toEqual(profiled.features)
  })

  it.each([
    [
      ['run', 'shop', '--until', 'features'],
      /^WrongUsage: A run that publishes .*\nAdd --dry-run: resegment run shop /,
    ],
    [['run', 'shop', '--dry-run', '--until', 'publish'], /A dry run does not publish/],
    [['run', 'shop', '--dry-run', '--until', 'feature'], /One of extract, cleanse, features, cluster, validate/],
    [['profile', 'shp'], /pipelines\/shp\.yaml[\s\S]*Did you mean shop\?/],
    [['profile', 'shop@2026-10-01', '--as-of', '2026-10-01'], /^WrongUsage: .* nothing is run/],
  ])('are refused to %j', async (words, says) => {
    const { code, stderr } = await shop.cli(words)
    expect(code).toBe(2)
    expect(stderr).toMatch(says)
  })

  it('that no run has are not shown', async () => {
    const failed = await shop.cli(['profile', 'shop@2026-10-01~2'])
    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(/^RunNotFound: Run shop@2026-10-01~2 has no features/)
  })
})

interface Profiled extends RunStatus {
  readonly features: FeatureDistributions
}

describe('acting', () => {
  it('deploys schedules only when told to, and once', async () => {
    const unasked = await shop.cli(['deploy'])
    expect(unasked.code).toBe(2)
    expect(unasked.stdout).toContain('create     resegment-clicommands-shop')
    expect(await json('deploy', '--yes')).toMatchObject({ deployed: true })
    expect(await json('deploy', '--yes')).toMatchObject({
      deployed: false,
      changes: ['-shop', '-shop.sweep', '--watch'].map((id) => ({ scheduleId: `resegment-clicommands${id}` })),
    })
  })

  it('refuses runs it cannot name or find', async () => {
    const unnamed = await shop.cli(['cancel', 'shop'])
    expect(unnamed.code).toBe(2)
    expect(unnamed.stderr).toMatch(/^WrongUsage: "shop" names no run/)
    const unknown = await shop.cli(['cancel', 'shop@2020-01-01'])
    expect(unknown.code).toBe(1)
    expect(unknown.stderr).toMatch(/^RunNotFound: /)
  })

  it('refuses embedded servers for a target that has none', async () => {
    shop.write('resegment.yaml', shop.read('resegment.yaml').replaceAll('embedded: true', 'embedded: false'))
    const { code, stderr } = await shop.cli(['run', 'shop', '--embedded'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^WrongUsage: Target clicommands has no embedded servers\./)
  })
})
