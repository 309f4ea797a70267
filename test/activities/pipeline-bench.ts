import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import type { ExtractOutput } from '../../src/activities/activities.ts'
import { makeCleanseActivities } from '../../src/activities/cleanse.ts'
import { makeClusterActivities } from '../../src/activities/cluster.ts'
import { makeExtractActivities } from '../../src/activities/extract.ts'
import { makeFeaturesActivities } from '../../src/activities/features.ts'
import { readDocument } from '../../src/activities/read-document.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import type { Ledger } from '../../src/ports/ledger.ts'
import type { Definition } from '../../src/plan/definition.ts'
import { resolveAsOf } from '../../src/plan/period.ts'
import { planRun } from '../../src/plan/plan-run.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { ArtifactRef, Manifest } from '../../src/run/artifact.ts'
import type { ClusterModel } from '../../src/stages/cluster/model.ts'
import type { StageRows } from '../../src/run/run-status.ts'
import { makeServices, type OpenServices } from '../../src/wiring/services.ts'

export type Row = Readonly<Record<string, unknown>>

/** The stages of data of a pipeline, each with its output. */
export interface DataStages {
  readonly raw: ArtifactRef
  readonly clean: ArtifactRef
  readonly features: ArtifactRef
  readonly counts: readonly StageRows[]
  readonly shardCount: number
}

/** A pipeline up to its candidate. */
export interface ClusteredPipeline {
  readonly definition: Definition
  readonly features: ArtifactRef
  readonly candidate: ArtifactRef
  readonly model: ClusterModel
}

/** Runs the stages of data of definitions with the services that a worker has; artifacts lie in a folder of the bench. */
export class PipelineBench {
  readonly folder: string
  readonly services: OpenServices

  private constructor(folder: string, services: OpenServices) {
    this.folder = folder
    this.services = services
  }

  /** @param variables as a stack gives them; nothing for pipelines that read local files alone */
  static async open(variables: Readonly<Record<string, string>> = {}): Promise<PipelineBench> {
    const folder = await mkdtemp(join(tmpdir(), 'resegment-pipelines-'))
    const environment = readEnvironment({
      ...variables,
      RESEGMENT_STORE: pathToFileURL(join(folder, 'store')).href,
      RESEGMENT_CACHE: join(folder, 'cache'),
      RESEGMENT_THREADS: '2',
    })
    const services = makeServices(environment)
    // Of the warehouse, which pipelines of files have none of here.
    const ledger = (): Ledger => ({ suppressed: async () => undefined }) as Partial<Ledger> as Ledger
    return new PipelineBench(folder, { ...services, ledger })
  }

  async close(): Promise<void> {
    await this.services.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  plan(definition: Definition, asOf: string, revision = 1): RunPlan {
    return planRun({
      definition,
      asOf: resolveAsOf(definition.pipeline, asOf),
      revision,
      workflowId: `test/${definition.pipeline.pipeline}`,
      codeVersion: 'test',
    })
  }

  async run(definition: Definition, asOf: string): Promise<DataStages> {
    const plan = this.plan(definition, asOf)
    const cleanse = makeCleanseActivities(this.services)
    const features = makeFeaturesActivities(this.services)
    const raw = await this.extract(plan)
    const { ref, shardCount } = raw
    for (let shard = 0; shard < shardCount; shard++)
      await this.act(() => cleanse.cleanseShard(plan, ref, shard, shardCount))
    const clean = await this.act(() => cleanse.cleanseCustomers(plan, ref, shardCount))
    for (let shard = 0; shard < shardCount; shard++)
      await this.act(() => features.buildFeaturesShard(plan, clean.ref, shard, shardCount))
    const built = await this.act(() => features.buildFeatures(plan, clean.ref, shardCount))
    return {
      raw: ref,
      clean: clean.ref,
      features: built.ref,
      counts: [raw.counts, clean.counts, built.counts],
      shardCount,
    }
  }

  /** Goes on to the candidate; nothing is published. */
  async cluster(definition: Definition, asOf: string): Promise<ClusteredPipeline> {
    const plan = this.plan(definition, asOf)
    const { features, shardCount: shards } = await this.run(definition, asOf)
    const { fitClusters, placeShard, clusterCustomers } = makeClusterActivities(this.services)
    const fit = await this.act(() => fitClusters(plan, features, shards))
    for (let shard = 0; shard < shards; shard++) await this.act(() => placeShard(plan, features, shard, shards, fit))
    const { ref } = await this.act(() => clusterCustomers(plan, features, shards, fit))
    const { files } = await this.manifest(definition, ref)
    const model = await readDocument<ClusterModel>(this.services.store(definition), ref.uri, files, 'model')
    return { definition, features, candidate: ref, model }
  }

  extract(plan: RunPlan): Promise<ExtractOutput> {
    return this.act(() => makeExtractActivities(this.services).extractSources(plan))
  }

  /** One row of figures about the files of a role, by SQL over relation `rows`. */
  async row(definition: Definition, ref: ArtifactRef, figures: string, role = 'rows'): Promise<Row> {
    return (await this.rows(definition, ref, `SELECT ${figures} FROM rows`, role))[0]!
  }

  /** Rows of the files of a role, by SQL over relation `rows`. */
  async rows(definition: Definition, ref: ArtifactRef, sql: string, role = 'rows'): Promise<readonly Row[]> {
    const store = this.services.store(definition)
    const { files } = await this.manifest(definition, ref)
    const paths = await Promise.all(
      files.filter((file) => file.role === role).map((file) => store.fetchFile(ref.uri, file)),
    )
    const session = await this.services.engine.open({ scratchPath: join(this.folder, 'session') })
    try {
      await session.execute(`CREATE VIEW rows AS FROM read_parquet([${paths.map((path) => `'${path}'`).join(', ')}])`)
      return await session.rows(sql)
    } finally {
      await session.close()
    }
  }

  async manifest(definition: Definition, ref: ArtifactRef): Promise<Manifest> {
    return (await this.services.store(definition).readManifest(ref.uri, 'manifest'))!
  }

  act<T>(activity: () => Promise<T>): Promise<T> {
    return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activity)
  }
}
