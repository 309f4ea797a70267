import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PublicationOutput } from '../../src/activities/activities.ts'
import { makePublishActivities } from '../../src/activities/publish.ts'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import type { ArtifactStore } from '../../src/ports/artifact-store.ts'
import type { ObjectDestination, WarehouseDestination } from '../../src/ports/destination.ts'
import type { Services } from '../../src/ports/services.ts'
import type { Manifest } from '../../src/run/artifact.ts'
import { formatRunId } from '../../src/run/run-key.ts'
import { makeCandidate, type RunPublication } from '../adapters/warehouse/candidate.ts'
import { openFreshSchema, type FreshSchema } from '../adapters/warehouse/fresh-schema.ts'

const asOf = '2026-07-01T00:00:00.000Z'
const members = new Map([['a', 'shop-1']])

describe('a publication whose files are written and whose switch fails', () => {
  let target: FreshSchema
  let manifests: string[]
  let latest: string | null

  beforeEach(async () => {
    target = await openFreshSchema()
    manifests = []
    latest = null
  })
  afterEach(() => target.close())

  it('leaves files that nothing names; tried again, it names them', async () => {
    const publication = await makeCandidate(target, { asOf, members })
    const down = (): Promise<never> => Promise.reject(new Error('The warehouse went down.'))
    await expect(publish(publication, down)).rejects.toThrow('went down')
    expect({ manifests, latest, named: await named() }).toEqual({
      manifests: ['shop@2026-07-01~1'],
      latest: null,
      named: [],
    })
    const { manifestUri } = await publish(publication)
    expect({ latest, named: await named() }).toEqual({ latest: manifestUri, named: [manifestUri] })
  })

  it('leaves files that nothing names when another run is out first', async () => {
    const overtaken = await makeCandidate(target, { asOf, members })
    const first = await makeCandidate(target, { asOf, revision: 2, members })
    const publishSecond: WarehouseDestination['publish'] = async (...args) => {
      await publish(first)
      return target.warehouse.publish(...args)
    }
    await expect(publish(overtaken, publishSecond)).rejects.toMatchObject({ type: 'OlderThanPublished' })
    expect(manifests).toEqual(['shop@2026-07-01~1', 'shop@2026-07-01~2'])
    expect({ latest, named: await named() }).toEqual({ latest: 'shop@2026-07-01~2', named: ['shop@2026-07-01~2'] })
  })

  /** Manifests that `runs` names. */
  async function named(): Promise<string[]> {
    const rows = await target.query<{ manifest_uri: string }>('select * from runs where manifest_uri is not null')
    return rows.map(({ manifest_uri }) => manifest_uri)
  }

  async function publish(
    publication: RunPublication,
    switchLive: WarehouseDestination['publish'] = target.warehouse.publish,
  ): Promise<PublicationOutput> {
    // Manifests are known by their run here.
    const objects: ObjectDestination = {
      async writeRun(_session, { plan }) {
        manifests.push(formatRunId(plan))
        return formatRunId(plan)
      },
      fetchRun: async () => undefined,
      writePage: () => Promise.reject(new Error('writes no page')),
      hasRun: async () => true,
      async pointLatest(run) {
        latest = formatRunId(run)
      },
    }
    const services = {
      engine: makeDuckDbEngine({ threads: 1, memoryLimit: '256MB', readableFolders: [target.scratchPath] }),
      store: () => store,
      warehouse: () => ({ ...target.warehouse, publish: switchLive }),
      ledger: () => target.ledger,
      objects: () => objects,
      reached: () => undefined,
    } as Partial<Services> as Services
    const document = join(target.scratchPath, `validation-${publication.plan.revision}.json`)
    await writeFile(document, JSON.stringify(publication.validation))
    // Files are known by their path.
    const files = [
      { role: 'validation', name: document },
      ...publication.rowFiles.map((name, shard) => ({ role: 'rows', shard, name })),
    ]
    const store = {
      readManifest: async () => ({ files }) as unknown as Manifest,
      fetchFile: async (_uri, file) => file.name,
      openScratch: async () => ({ path: target.scratchPath, close: async () => undefined }),
    } as Partial<ArtifactStore> as ArtifactStore
    const ref = { stage: 'validate', uri: 'validated', contentDigest: publication.digest, rowCount: 1 } as const
    return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(
      makePublishActivities(services).publishSegmentation,
      publication.plan,
      ref,
      [],
    ) as Promise<PublicationOutput>
  }
})
