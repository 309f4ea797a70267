import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from './project.ts'
import { s3Of } from './published-content.ts'
import { openShop, shopPipeline } from './shop.ts'

const HELD = { validate: '{ largestSegment: { hold: { above: 0.01 } } }' }

describe('a run that ended without a word, or comes too late', () => {
  let project: TestProject
  let client: Client

  beforeAll(async () => {
    project = await openShop('ended', { customers: 200, pipeline: HELD })
    client = new Client({ connection: await Connection.connect({ address: project.variables.TEMPORAL_ADDRESS! }) })
    await project.startWorker()
  })
  afterAll(async () => {
    await client.connection.close()
    await project.close()
  })

  it('is recorded as cancelled when it was terminated in Temporal, with who and why, as soon as somebody looks at the runs', async () => {
    await holdAndTerminate('2026-01-01')
    expect(await recorded()).toEqual([{ run_key: 'shop@2026-01-01', status: 'held', is_finished: false }])
    const listed = await project.cli(['runs', 'shop', '--json'])
    expect(JSON.parse(listed.stdout)).toMatchObject([
      {
        runKey: 'shop@2026-01-01',
        status: 'cancelled',
        failure: expect.stringMatching(/^The workflow was terminated in Temporal by .+: source was wrong$/) as string,
      },
    ])
    expect(await recorded()).toEqual([{ run_key: 'shop@2026-01-01', status: 'cancelled', is_finished: true }])
    const told = await project.sql<{ event: string; actor: string; reason: string }>('select * from run_events')
    expect(told).toMatchObject([{ event: 'terminated', actor: expect.any(String), reason: 'source was wrong' }])
    const described = await project.cli(['describe', 'shop@2026-01-01'])
    expect(described.stdout).toContain('source was wrong')
  })

  it('is recorded as cancelled when the next run of the pipeline starts, which a held one is not', async () => {
    await holdAndTerminate('2026-02-01')
    await project.run(['shop', '--as-of', '2026-03-01'], 3)
    project.write('pipelines/shop.yaml', shopPipeline())
    await project.run(['shop', '--as-of', '2026-04-01'])
    // The held one goes on, until the publication overtakes it.
    await expect
      .poll(async () => (await recorded()).map(({ run_key, status }) => `${run_key} ${status}`), { timeout: 60_000 })
      .toEqual([
        'shop@2026-01-01 cancelled',
        'shop@2026-02-01 cancelled',
        'shop@2026-03-01 superseded',
        'shop@2026-04-01 published',
      ])
  })

  it('is refused at its start when it is older than what is live, unless it is dry; one that was held cannot be approved any more', async () => {
    const refused = await project.cli(['run', 'shop', '--as-of', '2026-03-15'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('Stage plan failed (OlderThanPublished): shop@2026-03-15~1 looks from')
    expect(refused.stderr).toContain('Choose a later as-of')
    const dry = await project.run(['shop', '--as-of', '2026-03-15', '--dry-run'])
    expect(dry).toMatchObject({ status: 'dry_run' })
    const left = await dryArtifacts()
    expect(left).toHaveLength(1)
    await project.run(['shop', '--as-of', '2026-03-15', '--dry-run'])
    const leftNow = await dryArtifacts()
    expect(leftNow).toHaveLength(1)
    expect(leftNow).not.toEqual(left)
    // Held before a later one was published: there is nothing left to approve.
    const approved = await project.cli(['approve', 'shop@2026-03-01', '--reason', 'late'])
    expect(approved.code).toBe(1)
    const late = client.workflow.getHandle('ended/shop@2026-03-01~1')
    expect(await late.result()).toMatchObject({ status: 'superseded', supersededBy: 'shop@2026-04-01~1' })
    expect(await project.sql('select run_key from runs where is_live')).toEqual([{ run_key: 'shop@2026-04-01' }])
  })

  async function holdAndTerminate(asOf: string): Promise<void> {
    const held = await project.run(['shop', '--as-of', asOf], 3)
    // The workflow says so first, and then has it recorded.
    await expect
      .poll(async () => (await recorded()).find(({ run_key }) => run_key === held.runKey)?.status, { timeout: 60_000 })
      .toBe('held')
    await client.workflow.getHandle(held.workflowId).terminate('source was wrong')
  }

  /** Extracts of dry runs, by key. */
  async function dryArtifacts(): Promise<string[]> {
    const Prefix = 'ended/dry-run/'
    const { Contents = [] } = await s3Of(project).send(
      new ListObjectsV2Command({ Bucket: 'segments-ended-artifacts', Prefix }),
    )
    return Contents.map(({ Key = '' }) => Key).filter((key) => /extract-[0-9a-f]+\/manifest\.json$/.test(key))
  }

  function recorded(): Promise<{ run_key: string; status: string; is_finished: boolean }[]> {
    return project.sql('select run_key, status, finished_at is not null as is_finished from runs order by as_of')
  }
})
