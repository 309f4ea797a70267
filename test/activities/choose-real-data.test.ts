import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClusterActivities } from '../../src/activities/cluster.ts'
import { readDocument } from '../../src/activities/read-document.ts'
import { loadDefinition } from '../../src/config/resolve-definition.ts'
import type { Ledger } from '../../src/ports/ledger.ts'
import type { ClusterModel } from '../../src/stages/cluster/model.ts'
import { PipelineBench } from './pipeline-bench.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const PROJECT = resolve(import.meta.dirname, '../pipelines')
if (!existsSync(DATA)) console.warn(`Skipped: ${DATA}, the public data sets, is not there.`)

describe.skipIf(!existsSync(DATA))('choosing the count on public data', { timeout: 300_000 }, () => {
  let bench: PipelineBench
  beforeAll(async () => {
    bench = await PipelineBench.open()
  })
  afterAll(() => bench.close())

  /** Fits the clusters of a run that comes after a publication of `live`. */
  async function fit(pipeline: string, asOf: string, live: ClusterModel | null): Promise<ClusterModel> {
    const definition = loadDefinition(PROJECT, pipeline, 'dev')
    const { features } = await bench.run(definition, asOf)
    const ledger = { publishedModel: () => Promise.resolve(live) } as Partial<Ledger> as Ledger
    const { fitClusters, placeShard, clusterCustomers } = makeClusterActivities({
      ...bench.services,
      ledger: () => ledger,
    })
    const plan = { ...bench.plan(definition, asOf), live: live && { publicationId: 1, modelDigest: 'd' } }
    const run = <T>(activity: () => Promise<T>): Promise<T> =>
      new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activity)
    const fit = await run(() => fitClusters(plan, features, 1))
    await run(() => placeShard(plan, features, 0, 1, fit))
    const { ref } = await run(() => clusterCustomers(plan, features, 1, fit))
    const { files } = await bench.manifest(definition, ref)
    return readDocument(bench.services.store(definition), ref.uri, files, 'model')
  }

  it('Complete Journey: the count of the quarter before stays, from its clusters', async () => {
    const quarters = ['2017-07-01', '2017-10-01']
    let live: ClusterModel | null = null
    const counts: number[] = []
    for (const asOf of quarters) {
      const model: ClusterModel = await fit('complete_journey', asOf, live)
      const chosen = model.candidates.find((candidate) => candidate.chosen)!
      // Judged alone, 3 clusters have the largest silhouette in every quarter; in the first their stability fails them.
      expect(chosen.clusterCount).toBe(model.clusterCount)
      expect(model.evidence!.clusterability.hopkins).toBeGreaterThan(0.9)
      if (live) expect(chosen.start).toBe('warm')
      counts.push(model.clusterCount)
      live = model
    }
    expect(new Set(counts).size).toBe(1)
  })

  it('Online Retail is no noise: it has the most clusters that predict', async () => {
    const model = await fit('online_retail', '2011-12-10', null)
    const chosen = model.candidates.find((candidate) => candidate.chosen)!
    expect(chosen.reason).toMatch(/^Chosen: the most clusters/)
    expect(chosen.predictionStrength).toBeGreaterThan(0.8)
    expect(model.evidence!.jaccards.every((jaccard) => jaccard! > 0.75)).toBe(true)
  })
})
