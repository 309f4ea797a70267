import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import type { Ledger } from '../../src/ports/ledger.ts'
import type { SuppressedHashes } from '../../src/ports/suppression.ts'
import type { ApplicationFailure } from '@temporalio/common'
import { DefaultLogger } from '@temporalio/worker'
import type { z } from 'zod'
import { makeFileStore } from '../../src/adapters/artifact-store/file-store.ts'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { makeFileReader } from '../../src/adapters/file-source/file-reader.ts'
import { makePostgresReader } from '../../src/adapters/postgres-source/postgres-reader.ts'
import { makeLocatedReader } from '../../src/adapters/source-locations/located-reader.ts'
import type { ExtractOutput } from '../../src/activities/activities.ts'
import { makeExtractActivities } from '../../src/activities/extract.ts'
import { pipelineConfig } from '../../src/plan/pipeline.ts'
import type { scheduleConfig } from '../../src/plan/schedule.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { ArtifactStore } from '../../src/ports/artifact-store.ts'
import type { ComputeEngine, ComputeSession } from '../../src/ports/compute-engine.ts'
import type { Services } from '../../src/ports/services.ts'
import type { ArtifactRef, Manifest } from '../../src/run/artifact.ts'
import { type extractConfig, source as sourceConfig } from '../../src/stages/extract/config.ts'

export interface ExtractCase {
  readonly sources: Readonly<Record<string, z.input<typeof sourceConfig>>>
  /** Default: the only source, as transactions. */
  readonly extract?: z.input<typeof extractConfig>
  readonly connections?: RunPlan['definition']['connections']
  readonly asOf?: string
  readonly revision?: number
  readonly threads?: number
  readonly suppressed?: SuppressedHashes | undefined
  /** `schedule` of the pipeline. */
  readonly schedule?: z.input<typeof scheduleConfig>
  /** How long ago the activity was first scheduled. Default: now. */
  readonly waitedMs?: number
}

/** How the tests' own files are mapped. */
export const linesOf = {
  columns: { customer_id: 'customer', occurred_at: 'at', order_id: 'order', amount: { sql: 'quantity * price' } },
  types: { quantity: 'integer', price: 'decimal' },
} as const

/** A case of the sources of `given` and others. */
export function withSources(
  given: ExtractCase,
  sources: ExtractCase['sources'],
  extract: NonNullable<ExtractCase['extract']>,
): ExtractCase {
  return { ...given, sources: { ...given.sources, ...sources }, extract }
}

/** A file store, the real engine and the real readers around one folder: all that `extract` needs. */
export class ExtractBench {
  readonly folder: string
  readonly store: ArtifactStore
  private readonly connectionUrl: string
  private files = 0

  private constructor(folder: string, connectionUrl: string) {
    this.folder = folder
    this.connectionUrl = connectionUrl
    this.store = makeFileStore({ rootFolder: join(folder, 'store'), scratchFolder: join(folder, 'scratch') })
  }

  static async open(connectionUrl = 'postgres://nobody@127.0.0.1:1/none'): Promise<ExtractBench> {
    return new ExtractBench(await mkdtemp(join(tmpdir(), 'resegment-extract-')), connectionUrl)
  }

  /** Writes a CSV file into the project folder. @returns the case that reads it */
  csv(
    lines: readonly string[],
    source: Partial<ExtractCase['sources'][string]> = {},
    rest: Partial<ExtractCase> = {},
  ): ExtractCase {
    const file = `lines-${this.files++}.csv`
    writeFileSync(join(this.folder, file), ['customer,at,order,quantity,price', ...lines, ''].join('\n'))
    return { sources: { lines: { from: { file }, ...linesOf, ...source } }, ...rest }
  }

  /** Writes a file into the project folder. @returns where it is */
  file(name: string, lines: readonly string[]): { readonly file: string } {
    writeFileSync(join(this.folder, name), [...lines, ''].join('\n'))
    return { file: name }
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }

  run(given: ExtractCase): Promise<ExtractOutput> {
    const services = this.services(given)
    return new MockActivityEnvironment(
      { scheduledTimestampMs: Date.now() - (given.waitedMs ?? 0) },
      { logger: new DefaultLogger('ERROR') },
    ).run(makeExtractActivities(services).extractSources, this.plan(given)) as Promise<ExtractOutput>
  }

  /** @returns the failure, as the workflow sees it */
  async failure(given: ExtractCase): Promise<Partial<ApplicationFailure> & { message: string }> {
    return this.run(given).then(
      () => ({ message: 'did not fail' }),
      (error: unknown) => error as ApplicationFailure,
    )
  }

  async manifest(ref: ArtifactRef): Promise<Manifest> {
    return (await this.store.readManifest(ref.uri, 'manifest'))!
  }

  /** Rows of the artifact's files of a role, by SQL over relation `raw`. */
  async query(ref: ArtifactRef, sql: string, role = 'rows'): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const { files } = await this.manifest(ref)
    const paths = await Promise.all(
      files.filter((file) => file.role === role).map((file) => this.store.fetchFile(ref.uri, file)),
    )
    const session = await this.session()
    try {
      await session.execute(`CREATE VIEW raw AS FROM read_parquet([${paths.map((path) => `'${path}'`).join(', ')}])`)
      return await session.rows(sql)
    } finally {
      await session.close()
    }
  }

  session(): Promise<ComputeSession> {
    return this.engine(2).open({ scratchPath: join(this.folder, 'session') })
  }

  private engine(threads: number): ComputeEngine {
    return makeDuckDbEngine({ threads, readableFolders: [join(this.folder, 'store')] })
  }

  private services(given: Pick<ExtractCase, 'threads' | 'suppressed'>): Services {
    const engine = this.engine(given.threads ?? 2)
    const refuse = (): never => {
      throw new Error('extract does not need this')
    }
    return {
      engine,
      get kernels() {
        return refuse()
      },
      codeVersion: 'test',
      store: () => this.store,
      reader: ({ projectFolder }) =>
        makeLocatedReader({
          files: makeFileReader({ engine, projectFolder }),
          postgres: () => makePostgresReader({ connectionUrl: this.connectionUrl, connectionName: 'warehouse' }),
        }),
      ledger: () => ({ suppressed: async () => given.suppressed }) as Partial<Ledger> as Ledger,
      scheduleBook: refuse,
      warehouse: refuse,
      objects: refuse,
      syncLedger: refuse,
      effectivenessBook: refuse,
      destination: refuse,
      noticeChannel: refuse,
      temporalUi: undefined,
      pseudonyms: () => undefined,
      sweptPlaces: refuse,
      erasures: refuse,
      customerStores: refuse,
      reached: () => undefined,
    }
  }

  private plan({
    sources,
    extract,
    connections = {},
    asOf = '2026-10-01T00:00:00Z',
    revision = 1,
    schedule,
  }: ExtractCase): RunPlan {
    const pipeline = pipelineConfig.parse({
      pipeline: 'shop',
      ...(schedule === undefined ? {} : { schedule }),
      extract: extract ?? { transactions: Object.keys(sources)[0]! },
      features: ['recency'],
      publish: { warehouse: 'warehouse' },
    })
    return {
      kind: 'refit',
      pipeline: 'shop',
      runKey: `shop@${asOf.slice(0, 10)}`,
      revision,
      period: asOf.slice(0, 10),
      asOf,
      timezone: 'UTC',
      definitionHash: 'test',
      options: {},
      live: null,
      codeVersion: 'test',
      workflowId: 'test',
      definition: {
        formatVersion: 1,
        targetName: 'dev',
        target: { schema: 'segmentation_dev', prefix: 'dev/', embedded: true },
        connections,
        sources: Object.fromEntries(Object.entries(sources).map(([name, value]) => [name, sourceConfig.parse(value)])),
        pipeline,
        contact: '',
        runbook: '',
        projectFolder: this.folder,
      },
    }
  }
}
