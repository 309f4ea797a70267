import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from './free-port.ts'
import type { TestProject } from './project.ts'
import { openShop } from './shop.ts'

const AS_OF = ['--as-of', '2026-10-01']
const RUN = 'shop@2026-10-01~1'
const ROLE = 'resegment_narrow'

describe('a run that the world broke', () => {
  let project: TestProject
  afterAll(() => project?.close())

  describe('for want of a right in the warehouse', () => {
    let narrowUrl = ''
    beforeAll(async () => {
      project = await openShop('retried')
      const url = new URL(project.variables.WAREHOUSE_URL!)
      const owner = url.username
      // May read and write every table, but owns none: a publication makes partitions, which only owners may.
      await project.sql(`create role ${ROLE} login password 'narrow'`)
      await project.sql(`grant usage, create on schema ${project.schema} to ${ROLE}`)
      await project.sql(`grant all on all tables in schema ${project.schema} to ${ROLE}`)
      await project.sql(`grant all on all sequences in schema ${project.schema} to ${ROLE}`)
      url.username = ROLE
      url.password = 'narrow'
      narrowUrl = url.href
      await project.startWorker({ WAREHOUSE_URL: narrowUrl })
      return async () => {
        await project.stopWorkers()
        await project.sql(`revoke ${owner} from ${ROLE}`)
        await project.sql(`drop owned by ${ROLE} cascade`)
        await project.sql(`drop role ${ROLE}`)
      }
    })

    it('fails at publish and says how to go on; nothing is visible', async () => {
      const failed = await project.cli(['run', 'shop', ...AS_OF])
      expect(failed.code).toBe(1)
      expect(failed.stderr).toContain('Stage publish failed (PermissionDenied): ')
      expect(failed.stderr).toContain(`\`resegment retry ${RUN} --target retried\``)
      expect(await project.sql('select * from customer_segments')).toEqual([])
    })

    it('says the cause again to whoever starts it once more', async () => {
      const again = await project.cli(['run', 'shop', ...AS_OF])
      expect(again.code).toBe(1)
      expect(again.stderr).toMatch(
        /^RunAlreadyFailed: Run shop@2026-10-01~1 failed before, in stage publish \(PermissionDenied\): /,
      )
      expect(again.stderr).toContain(`\`resegment retry ${RUN} --target retried\``)
      expect(again.stderr).not.toContain('2026-09-30T22')
    })

    it('is published by a retry once the right is there, with the stages that were finished as they were', async () => {
      const before = await artifacts(project)
      expect((await project.cli(['runs', '--failed', '--since', '1 hours'])).stdout).toMatch(
        /^shop@2026-10-01~1 +2026-Q3 +failed/m,
      )
      const { username } = new URL(project.variables.WAREHOUSE_URL!)
      await project.sql(`grant ${username} to ${ROLE}`)
      const retried = await project.cli(['retry', RUN, '--reason', 'the right was granted', '--by', 'ada'])
      expect(retried, retried.stderr).toMatchObject({ code: 0 })
      expect(retried.stdout).toMatch(/^Reset retried\/shop@2026-10-01~1 to event \d+: it goes on as Temporal run /)
      expect(await project.run(['shop', ...AS_OF])).toMatchObject({ status: 'published', revision: 1 })
      expect(await artifacts(project)).toEqual(before)
      const described = await project.cli(['describe', RUN])
      expect(described.stdout).toContain('is published')
      expect(described.stdout).not.toContain('failed')
      const runs = await project.cli(['runs', 'shop'])
      expect(runs.stdout).toMatch(/^shop@2026-10-01~1 +2026-Q3 +published/m)
      expect((await project.cli(['runs', '--failed'])).stdout).toBe('No such runs.\n')
      expect((await project.sql('select 1 from customer_segments')).length).toBeGreaterThan(0)
    })

    it('tells afterwards who reset it, why, and what happened', async () => {
      expect(await project.sql('select event, actor, reason, identity from run_events')).toEqual([
        { event: 'reset', actor: 'ada', reason: 'the right was granted', identity: null },
      ])
      const { stdout } = await project.cli(['logs', RUN])
      expect(stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}run +started by /)
      expect(stdout).toMatch(/ UTC {2}extract +finished in \d+\.\d s \(attempt 1 on \d+@/)
      expect(stdout).toMatch(/ UTC {2}run +reset by ada: the right was granted$/m)
      expect(stdout).toMatch(/ UTC {2}run +completed$/m)
    })

    it('is not retried again: it is complete', async () => {
      const now = await project.cli(['retry', RUN, '--now'])
      expect(now.stderr).toMatch(/^RetryRefused: Run retried\/shop@2026-10-01~1 has ended: nothing of it waits/)
      const again = await project.cli(['retry', RUN])
      expect(again.code).toBe(1)
      expect(again.stderr).toMatch(/^RetryRefused: Run retried\/shop@2026-10-01~1 is complete\./)
    })
  })
})

describe('a run that waits for S3 to come back', () => {
  let project: TestProject
  let bridge: Server | undefined
  afterAll(async () => {
    await project?.close()
    bridge?.close()
  })

  it('says what it waits for, a retry tries at once, a pause keeps it from trying, and resumed it goes on when S3 is there', async () => {
    project = await openShop('waiting')
    const port = await freePort()
    await project.startWorker({ S3_ENDPOINT: `http://127.0.0.1:${port}` })
    const started = await project.cli(['run', 'shop', ...AS_OF, '--detach'])
    expect(started, started.stderr).toMatchObject({ code: 0 })
    await expect
      .poll(async () => (await project.cli(['describe', RUN])).stdout, { timeout: 600_000, interval: 500 })
      .toMatch(/^extract: attempt \d+ .*\n {2}last: ConnectionFailed: .*127\.0\.0\.1/m)
    const retried = await project.cli(['retry', RUN, '--now'])
    expect(retried, retried.stderr).toMatchObject({ code: 0 })
    expect(retried.stdout).toBe(`extract of waiting/${RUN}: the next attempt starts now.\n`)
    const paused = await project.cli(['pause', RUN, '--reason', 'the network people need an hour', '--by', 'ada'])
    expect(paused, paused.stderr).toMatchObject({ code: 0 })
    expect((await project.cli(['describe', RUN])).stdout).toMatch(
      /^extract: paused by ada since .* UTC: the network people need an hour; on: resegment resume shop@2026-10-01~1 --target waiting$/m,
    )
    const twice = await project.cli(['pause', RUN])
    expect(twice.stderr).toMatch(/^PauseRefused: Run waiting\/shop@2026-10-01~1 is paused already\./)
    bridge = await openBridge(port, new URL(project.variables.S3_ENDPOINT!))
    const resumed = await project.cli(['resume', RUN, '--by', 'bob'])
    expect(resumed, resumed.stderr).toMatchObject({ code: 0 })
    expect(await project.run(['shop', ...AS_OF])).toMatchObject({ status: 'published', revision: 1 })
    expect(await project.sql('select event, actor, reason from run_events order by recorded_at')).toEqual([
      { event: 'paused', actor: 'ada', reason: 'the network people need an hour' },
      { event: 'resumed', actor: 'bob', reason: 'resegment resume' },
    ])
    expect((await project.cli(['pause', RUN])).stderr).toMatch(
      /^PauseRefused: Run waiting\/shop@2026-10-01~1 has ended\./,
    )
    const nothing = await project.cli(['retry', RUN])
    expect(nothing.stderr).toMatch(/^RetryRefused: /)
  })
})

/** What the finished stages of the run wrote, by their counts and digests as Temporal has them. */
async function artifacts(project: TestProject): Promise<unknown> {
  const { stdout } = await project.cli(['describe', RUN, '--json'])
  const { stages, artifacts } = JSON.parse(stdout) as {
    stages: { stage: string; rowsOut: number; seconds: number }[]
    artifacts: Record<string, string>
  }
  return { artifacts, stages: stages.filter(({ stage }) => stage !== 'publish') }
}

/** Leads a port to a server, as a network that was mended does. */
async function openBridge(port: number, { hostname, port: to }: URL): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(Number(to), hostname)
    client.pipe(upstream).pipe(client)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
