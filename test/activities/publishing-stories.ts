import { rm } from 'node:fs/promises'
import { rollBackPipeline } from '../../src/activities/roll-back.ts'
import { makeS3Objects } from '../../src/adapters/s3/object-destination.ts'
import { makeWarehouse } from '../../src/adapters/warehouse/warehouse.ts'
import type { Services } from '../../src/ports/services.ts'
import { members, openSession, type Members, type RunPublication } from '../adapters/warehouse/candidate.ts'
import { attemptPublication, type PublishingPlace } from './publish-attempt.ts'
import type { PublishingScene, Quarter } from './publishing-scene.ts'

/** One try of what is disturbed. */
export type Try = (place: PublishingPlace) => Promise<unknown>

export interface Story {
  readonly title: string
  /** Makes what consumers see before; returns what is tried, as often as need be. */
  prepare(scene: PublishingScene): Promise<Prepared>
}

export interface Prepared {
  readonly attempt: Try
  /** What is published; null: nothing, it is a rollback. */
  readonly candidate: RunPublication | null
}

/** Enough that tables take more than a page. */
const CROWD = 1_500
const july = members('a shop-1, b shop-2, c shop-1, d shop-2!, e shop-1, f shop-2')
const october = members('a shop-2, b shop-2, d shop-2, e shop-1!, g shop-1')
const corrected = members('a shop-1, b shop-2, c shop-1, d shop-2, e shop-1!, g shop-2')
const quarter1 = { asOf: '2026-07-01T00:00:00.000Z', members: july }
const quarter2 = { asOf: '2026-10-01T00:00:00.000Z', members: october, before: july }
const again2 = { asOf: quarter2.asOf, revision: 2, members: corrected, before: october }

export const firstPublication: Story = {
  title: 'the first publication',
  prepare: (scene) => publishing(scene, quarter1),
}

/** Another candidate was loaded and lost, so that there is something to tidy up. */
export const nextQuarter: Story = {
  title: 'the next quarter',
  async prepare(scene) {
    await publishBefore(scene, quarter1)
    await loadAndLose(scene)
    return publishing(scene, quarter2)
  },
}

export const secondRevision: Story = {
  title: 'another revision of the same quarter',
  async prepare(scene) {
    await publishBefore(scene, quarter1)
    await publishBefore(scene, quarter2)
    return publishing(scene, again2)
  },
}

export const rollback: Story = {
  title: 'a rollback',
  async prepare(scene) {
    await publishBefore(scene, quarter1)
    await publishBefore(scene, quarter2)
    const { plan } = await scene.candidate(quarter1)
    const attempt: Try = async ({ connectionString, schema, s3, bucket }) => {
      const warehouse = makeWarehouse({ connectionString, schema })
      const objects = makeS3Objects({ ...s3, bucket })
      const services = { warehouse: () => warehouse, objects: () => objects } as Partial<Services> as Services
      const to = { runKey: plan.runKey, revision: plan.revision }
      try {
        await rollBackPipeline(services, plan.definition, { to, by: 'crm', reason: 'wrong' })
      } finally {
        objects.close()
        await warehouse.close()
      }
    }
    return { attempt, candidate: null }
  },
}

export const manyCustomers: Story = {
  title: 'many customers, of whom every third moves',
  async prepare(scene) {
    const before = crowd((number) => 1 + (number % 2))
    await publishBefore(scene, { asOf: quarter1.asOf, members: before })
    const now = crowd((number) => 1 + ((number % 3 === 0 ? number + 1 : number) % 2))
    return publishing(scene, { asOf: quarter2.asOf, members: now, before })
  },
}

function crowd(segmentOf: (number: number) => number): Members {
  return new Map(Array.from({ length: CROWD }, (_, number) => [`customer ${number}`, `shop-${segmentOf(number)}`]))
}

async function publishBefore(scene: PublishingScene, quarter: Quarter): Promise<void> {
  await attemptPublication(scene.place(), await scene.candidate(quarter))
}

async function publishing(scene: PublishingScene, quarter: Quarter): Promise<Prepared> {
  const candidate = await scene.candidate(quarter)
  return { attempt: (place) => attemptPublication(place, candidate), candidate }
}

async function loadAndLose(scene: PublishingScene): Promise<void> {
  const lost = await scene.candidate({ ...quarter2, revision: 7 })
  let looks = 0
  await publishIn(scene, lost, () => {
    // Rows are loaded shard by shard; the last look is right before the switch.
    if (++looks > 1) throw new Error('lost')
  }).catch((error: Error) => {
    if (error.message !== 'lost') throw error
  })
}

async function publishIn(scene: PublishingScene, candidate: RunPublication, onProgress: () => void): Promise<void> {
  const { session, scratchPath } = await openSession(scene.target.scratchPath)
  try {
    await scene.target.warehouse.publish(session, candidate, onProgress)
  } finally {
    await session.close()
    await rm(scratchPath, { recursive: true, force: true })
  }
}

/** The next publication, which tidies up: whatever a disturbed one left is gone after it. */
export async function goOn(scene: PublishingScene): Promise<void> {
  const [{ ids } = { ids: [] }] = await scene.target.query<{ ids: readonly string[] }>(
    `select array_agg(customer_id || '|' || segment_key || case when is_holdout then '!' else '' end order by 1) as ids
    from customer_segments`,
  )
  const before = new Map(ids.map((text) => text.split('|') as [string, string]))
  const next = await scene.candidate({ asOf: '2027-01-01T00:00:00.000Z', members: corrected, before })
  await publishIn(scene, next, () => undefined)
}
