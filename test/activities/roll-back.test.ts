import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rollBackPipeline } from '../../src/activities/roll-back.ts'
import type { Definition } from '../../src/plan/definition.ts'
import type { ObjectDestination, ShownRun } from '../../src/ports/destination.ts'
import type { Services } from '../../src/ports/services.ts'
import { formatRunId } from '../../src/run/run-key.ts'
import { makeCandidate, members } from '../adapters/warehouse/candidate.ts'
import { openFreshSchema, type FreshSchema } from '../adapters/warehouse/fresh-schema.ts'

const definition = { pipeline: { pipeline: 'shop' }, target: { prefix: 'dev/' } } as unknown as Definition
const wish = { to: undefined, by: 'crm', reason: 'wrong' }

describe('rolling back', () => {
  let target: FreshSchema
  let latest: (ShownRun & { readonly shownSince: string }) | undefined

  beforeEach(async () => {
    target = await openFreshSchema()
    latest = undefined
    const first = members('a shop-1')
    await publish('2026-07-01T00:00:00.000Z')
    await publish('2026-10-01T00:00:00.000Z', { runId: 'shop@2026-07-01~1', members: first })
  })
  afterEach(() => target.close())

  it('names the run as the latest once the warehouse shows it', async () => {
    const report = await rollBackPipeline(services({}), definition, wish)
    expect(report).toMatchObject({ run: { runKey: 'shop@2026-07-01', revision: 1 }, written: true, latestNamed: true })
    expect(latest).toMatchObject({ runKey: 'shop@2026-07-01', digest: 'digest of shop@2026-07-01~1', prefix: 'dev/' })
    const again = await rollBackPipeline(services({}), definition, { ...wish, to: report.run })
    expect(again).toMatchObject({ written: false, undone: [], latestNamed: true })
  })

  it('is refused while everything is as it was when the files of the run are gone', async () => {
    await expect(rollBackPipeline(services({ hasRun: async () => false }), definition, wish)).rejects.toMatchObject({
      type: 'RollbackRefused',
    })
    expect(await live()).toBe('shop@2026-10-01')
  })

  it('says that the warehouse has switched when latest.json cannot be written, and is whole when it is repeated', async () => {
    const pointLatest = () => Promise.reject(new Error('S3 is away'))
    await expect(rollBackPipeline(services({ pointLatest }), definition, wish)).rejects.toThrow(
      'Repeat it naming the run: resegment rollback shop --to shop@2026-07-01~1',
    )
    expect(await live()).toBe('shop@2026-07-01')
    const to = { runKey: 'shop@2026-07-01', revision: 1 }
    await rollBackPipeline(services({}), definition, { ...wish, to })
    expect(latest).toMatchObject({ runKey: 'shop@2026-07-01' })
  })

  it('leaves latest.json alone where the run has no files, and says so', async () => {
    await target.query('update run set manifest_uri = null')
    expect(await rollBackPipeline(services({}), definition, wish)).toMatchObject({ written: true, latestNamed: false })
    expect(latest).toBeUndefined()
  })

  async function publish(asOf: string, before?: { runId: string; members: ReturnType<typeof members> }) {
    const candidate = await makeCandidate(target, { asOf, members: members('a shop-1'), ...(before && { before }) })
    const manifestUri = `s3://lake/${formatRunId(candidate.plan)}`
    return target.warehouse.publish(target.session, { ...candidate, manifestUri }, () => undefined)
  }

  async function live(): Promise<string | undefined> {
    const [row] = await target.query<{ run_key: string }>('select run_key from customer_segments')
    return row?.run_key
  }

  function services(changed: Partial<ObjectDestination>): Pick<Services, 'warehouse' | 'objects'> {
    const objects: ObjectDestination = {
      writeRun: () => Promise.reject(new Error('writes nothing')),
      fetchRun: async () => undefined,
      writePage: () => Promise.reject(new Error('writes no page')),
      hasRun: async () => true,
      async pointLatest(run, shownSince) {
        latest = { ...run, shownSince }
      },
      ...changed,
    }
    return { warehouse: () => target.warehouse, objects: () => objects }
  }
})
