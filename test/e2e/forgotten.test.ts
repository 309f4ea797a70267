import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTemporal, type TemporalAccess } from '../../src/client/connect.ts'
import type { TestProject } from './project.ts'
import { openShop } from './shop.ts'

const AS_OF = '2026-10-01'
const RUN = `shop@${AS_OF}~1`

describe('a run that Temporal has forgotten', () => {
  let project: TestProject
  let access: TemporalAccess
  beforeAll(async () => {
    project = await openShop('forgotten', { pipeline: { validate: '{ largestSegment: { hold: { above: 0.01 } } }' } })
    access = await connectTemporal(project.variables)
    await project.startWorker()
  })
  afterAll(async () => {
    await access?.close()
    await project?.close()
  })

  it('cannot be retried, which says what became of it and how it goes on', async () => {
    await project.run(['shop', '--as-of', AS_OF], 3)
    await project.cli(['cancel', RUN, '--reason', 'the wrong quarter'])
    await access.client.workflow
      .getHandle(`forgotten/${RUN}`)
      .result()
      .catch(() => undefined)
    await forget()
    const retried = await project.cli(['retry', RUN])
    expect(retried.code).toBe(1)
    expect(retried.stderr).toMatch(
      /^RunNotFound: Temporal has forgotten run shop@2026-10-01~1, which is cancelled since \d{4}-\d\d-\d\d: the retention of the namespace is over\.\n/,
    )
    expect(retried.stderr).toContain('`resegment run shop --as-of 2026-10-01 --revision 1 --target forgotten`')
    expect((await project.cli(['describe', RUN])).stdout).toContain('the wrong quarter')
    expect((await project.cli(['runs', 'shop'])).stdout).toMatch(/^shop@2026-10-01~1 .* cancelled/m)
  })

  it('goes on as the same revision with the artifacts that it had finished', async () => {
    // Another extract would find nobody.
    project.write('data/order_lines.csv.gz', '')
    expect(await project.run(['shop', '--as-of', AS_OF, '--revision', '1'], 3)).toMatchObject({ status: 'held' })
    await project.cli(['approve', RUN, '--reason', 'the right quarter'])
    expect(await project.run(['shop', '--as-of', AS_OF, '--revision', '1'])).toMatchObject({ status: 'published' })
  })

  it('stays published, and a next revision says that it is one, also where an execution that was reset is left', async () => {
    const again = await project.cli(['retry', RUN, '--from', 'publish'])
    expect(again.code, again.stderr).toBe(0)
    await access.client.workflow.getHandle(`forgotten/${RUN}`).result()
    await forget()
    const newest = await project.cli(['retry', `shop@${AS_OF}`])
    expect(newest.stderr).toMatch(/^RunNotFound: .*, which is published since /)
    const retried = await project.cli(['retry', RUN])
    expect(retried.stderr).toMatch(/^RunNotFound: .*, which is published since /)
    expect(retried.stderr).toContain('`resegment run shop --as-of 2026-10-01 --revision next --target forgotten`')
    expect(await project.sql('select run_key, revision from runs where is_live')).toEqual([
      { run_key: `shop@${AS_OF}`, revision: 1 },
    ])
  })

  /** What the end of the retention does. */
  async function forget(): Promise<void> {
    const execution = { workflowId: `forgotten/${RUN}` }
    await access.client.workflowService.deleteWorkflowExecution({
      namespace: access.namespace,
      workflowExecution: execution,
    })
    const isThere = (): Promise<boolean> =>
      access.client.workflow
        .getHandle(execution.workflowId)
        .describe()
        .then(
          () => true,
          () => false,
        )
    await expect.poll(isThere, { timeout: 60_000 }).toBe(false)
  }
})
