// node bench/run-stage.ts FOLDER PIPELINE STAGE SHARDS REVISION: one stage of a project of order lines, as a line of JSON.
// SHARDS 0: as many as the stage decides. What a stage hands on is kept in FOLDER for the next one. STAGE features-sql writes the SQL of the
// features of one shard, and says where the clean lines are that it reads.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { makeCleanseActivities } from '../src/activities/cleanse.ts'
import { makeExtractActivities } from '../src/activities/extract.ts'
import { compileOver, featureSpecsOf, fetchRoles } from '../src/activities/feature-inputs.ts'
import { makeFeaturesActivities } from '../src/activities/features.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { loadDefinition } from '../src/config/resolve-definition.ts'
import { resolveAsOf } from '../src/plan/period.ts'
import { planRun } from '../src/plan/plan-run.ts'
import type { Ledger } from '../src/ports/ledger.ts'
import type { ArtifactRef } from '../src/run/artifact.ts'
import { readParquet } from '../src/sql/sql-text.ts'
import { makeServices } from '../src/wiring/services.ts'
import { figuresOf } from './feature-figures.ts'
import { AS_OF } from './order-lines.ts'

interface HandedOn {
  readonly ref: ArtifactRef
  readonly shardCount: number
}

const [folder, pipeline, stage, shards, revision] = process.argv.slice(2) as [string, string, string, string, string]
const environment = readEnvironment({
  RESEGMENT_STORE: pathToFileURL(join(folder, 'store')).href,
  RESEGMENT_CACHE: join(folder, 'cache'),
})
const services = {
  ...makeServices(environment),
  // There is no warehouse, and nobody who asked not to be segmented.
  ledger: (): Ledger => ({ suppressed: async () => undefined }) as Partial<Ledger> as Ledger,
}
const loaded = loadDefinition(folder, pipeline, 'dev')
const extract = { ...loaded.pipeline.extract, ...(shards === '0' ? {} : { shards: Number(shards) }) }
const definition = { ...loaded, pipeline: { ...loaded.pipeline, extract } }
const plan = planRun({
  definition,
  asOf: resolveAsOf(definition.pipeline, AS_OF),
  revision: Number(revision),
  workflowId: 'bench',
  codeVersion: 'bench',
})
if (stage === 'features-sql') {
  console.log(JSON.stringify({ path: await writeFeaturesSql() }))
  process.exit(0)
}
const parts: Record<string, number> = {}
const startedMs = performance.now()
const before = process.cpuUsage()
const output = await run()
const seconds = (performance.now() - startedMs) / 1000
const { user, system } = process.cpuUsage(before)
keep(output)
const rssMb = Math.round(process.resourceUsage().maxRSS / 1024)
const check = stage === 'features' ? await figures(output.ref) : undefined
await services.close()
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, rssMb, parts, check }))

async function run(): Promise<HandedOn> {
  switch (stage) {
    case 'extract':
      return act(stage, () => makeExtractActivities(services).extractSources(plan))
    case 'cleanse': {
      const { ref: raw, shardCount } = given('extract')
      const { cleanseShard, cleanseCustomers } = makeCleanseActivities(services)
      for (let shard = 0; shard < shardCount; shard++)
        await act('cleanseShard', () => cleanseShard(plan, raw, shard, shardCount))
      const { ref } = await act('cleanseCustomers', () => cleanseCustomers(plan, raw, shardCount))
      return { ref, shardCount }
    }
    case 'features': {
      const { ref: clean, shardCount } = given('cleanse')
      const { buildFeaturesShard, buildFeatures } = makeFeaturesActivities(services)
      for (let shard = 0; shard < shardCount; shard++)
        await act('buildFeaturesShard', () => buildFeaturesShard(plan, clean, shard, shardCount))
      const { ref } = await act('buildFeatures', () => buildFeatures(plan, clean, shardCount))
      return { ref, shardCount }
    }
    default:
      throw new Error(`There is no stage ${stage} here.`)
  }
}

/** @returns path of the clean lines */
async function writeFeaturesSql(): Promise<string> {
  const roles = await fetchRoles(services.store(definition), definition, given('cleanse').ref, 0)
  const session = await services.engine.open({ scratchPath: join(folder, 'sql') })
  // The pipeline pins the levels of its compositions.
  const { query, orderBy } = await compileOver(session, plan, featureSpecsOf(plan), roles, () => [])
  await session.close()
  writeFileSync(join(folder, 'compiled.sql'), `select * from (${query}) order by ${orderBy}`)
  return roles.get('transactions')!.path
}

async function figures(ref: ArtifactRef): Promise<Readonly<Record<string, unknown>>> {
  const store = services.store(definition)
  const { files } = (await store.readManifest(ref.uri, 'manifest'))!
  const paths: string[] = []
  for (const file of files) if (file.role === 'rows') paths.push(await store.fetchFile(ref.uri, file))
  const session = await services.engine.open({ scratchPath: join(folder, 'figures') })
  const [row] = await session.rows(figuresOf(readParquet(paths)))
  await session.close()
  return row!
}

async function act<T>(name: string, activity: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const result = await new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activity)
  parts[name] = (parts[name] ?? 0) + (performance.now() - began) / 1000
  return result as T
}

function pathOf(ofStage: string): string {
  return join(folder, `${pipeline}-${ofStage}-${shards}.json`)
}

function given(ofStage: string): HandedOn {
  return JSON.parse(readFileSync(pathOf(ofStage), 'utf8')) as HandedOn
}

function keep({ ref, shardCount }: HandedOn): void {
  writeFileSync(pathOf(stage), JSON.stringify({ ref, shardCount }))
}
