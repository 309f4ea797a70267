import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { TestProject } from './project.ts'
import { openShop, shopPipeline } from './shop.ts'

const SEGMENTS = 'select segment_key, name from segments order by segment_key'

describe('a held run decided by keeping the live segments', () => {
  let project: TestProject
  let held: RunStatus
  beforeAll(async () => {
    project = await openShop('livemodel')
    await project.startWorker()
    await project.run(['shop', '--as-of', '2026-07-01'])
    // Other clusters than those that are live, and a gate that lets none of their moves pass.
    project.write(
      'pipelines/shop.yaml',
      shopPipeline({
        cluster: '{ count: 6, starts: 2, seed: 7 }',
        validate: '{ membershipChurn: { hold: { above: 0 } }, approval: { by: [ada] } }',
      }),
    )
    held = await project.run(['shop', '--as-of', '2026-10-01'], 3)
  })
  afterAll(() => project.close())

  it('says what the live model would give, beside the candidate', async () => {
    expect(held).toMatchObject({ status: 'held', byLiveModel: { customers: held.stages.at(-1)!.rowsOut } })
    expect(held.byLiveModel!.moved).toBeLessThan(held.moved!)
    const described = await project.cli(['describe', 'shop@2026-10-01'])
    expect(described.stdout).toContain('resegment use-live-model shop@2026-10-01~1')
  })

  it('can be compared as a whole before anybody decides, and so can what the live model would give', async () => {
    const candidate = await project.cli(['compare', 'shop@2026-10-01'])
    expect(candidate.code, candidate.stderr).toBe(0)
    expect(candidate.stdout).toContain('# shop@2026-10-01~1 compared with shop@2026-07-01~1')
    expect(candidate.stdout).toContain('Not passed: membershipChurn')
    const other = await project.cli(['compare', 'shop@2026-10-01', '--live-model', '--json'])
    const document = JSON.parse(other.stdout) as { html: string; text: string }
    expect(document.html).toBe(held.byLiveModel!.pages!.html)
    expect(document.text).toContain('The segments stay what they are')
    expect(document.text).toContain(`--digest ${held.byLiveModel!.digest}`)
    const ids = await project.sql<{ customer_id: string }>('select customer_id from customer_segments')
    const words = new Set(candidate.stdout.split(/[^\w-]+/))
    expect(ids.filter(({ customer_id: id }) => words.has(id))).toEqual([])
  })

  it('is not decided by just anybody', async () => {
    const refused = await project.cli(['use-live-model', 'shop@2026-10-01', '--reason', 'Keep.', '--by', 'eve'])
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"eve" may not decide this run: ada may.') as string,
    })
  })

  it("publishes today's customers in the segments that were live", async () => {
    const before = await project.sql(SEGMENTS)
    const decided = await project.cli(['use-live-model', 'shop@2026-10-01', '--reason', 'Keep.', '--by', 'ada'])
    expect(decided.code, decided.stderr).toBe(0)
    await expect
      .poll(() => project.sql("select status from runs where run_key = 'shop@2026-10-01'"), { timeout: 60_000 })
      .toEqual([{ status: 'published' }])
    expect(await project.sql(SEGMENTS)).toEqual(before)
    const reasons = await project.sql<{ move_reason: string }>(
      "select distinct move_reason from segment_transitions where run_key = 'shop@2026-10-01' and move_reason is not null",
    )
    const allowed = ['new', 'returned', 'lost', 'behaviour']
    expect(reasons.filter(({ move_reason }) => !allowed.includes(move_reason))).toEqual([])
    // Of a command line Temporal sees the process and the host.
    expect(await project.sql('select event, actor, reason, identity from run_events')).toEqual([
      { event: 'live_model_used', actor: 'ada', reason: 'Keep.', identity: expect.stringMatching(/^\d+@./) as string },
    ])
  })

  it('is superseded when nobody decides before a later run is published', async () => {
    const overtaken = await project.run(['shop', '--as-of', '2026-10-02'], 3)
    expect(overtaken.status).toBe('held')
    project.write('pipelines/shop.yaml', shopPipeline({ validate: '{ membershipChurn: {}, structuralChange: {} }' }))
    const later = await project.run(['shop', '--as-of', '2026-10-03'])
    expect(later.status).toBe('published')
    await expect
      .poll(() => project.sql("select status from runs where run_key = 'shop@2026-10-02'"), { timeout: 60_000 })
      .toEqual([{ status: 'superseded' }])
    const described = await project.cli(['describe', 'shop@2026-10-02'])
    expect(described.stdout).toContain('superseded by shop@2026-10-03~1')
    const approved = await project.cli(['approve', 'shop@2026-10-02', '--reason', 'Late.', '--by', 'ada'])
    expect(approved.code).toBe(1)
  })
})
