import { createHash, randomUUID } from 'node:crypto'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import type { LatestRun, RunManifest } from '../../src/adapters/s3/run-manifest.ts'
import { formatRunId } from '../../src/run/run-key.ts'
import { s3Connection } from '../adapters/s3/connection.ts'
import { makeCandidate, type Members, type RunPublication } from '../adapters/warehouse/candidate.ts'
import { openFreshSchema, type FreshSchema } from '../adapters/warehouse/fresh-schema.ts'
import { makeDefinition } from '../workflows/definition.ts'
import type { PublishingPlace } from './publish-attempt.ts'

/** What consumers of both sides see, without what differs from run to run by nature. */
export interface Seen {
  /** Digest of every view. */
  readonly views: string
  /** Run ids. */
  readonly live: string | null
  readonly latest: string | null
}

export interface PublishingScene {
  readonly target: FreshSchema
  /** Where the current story publishes to. */
  place(): PublishingPlace
  /** Begins another story: nothing was published. */
  begin(): Promise<void>
  /** A candidate of the current story, compared with what is live now. */
  candidate(quarter: Quarter): Promise<RunPublication>
  /** Fails unless every file that `latest.json` leads to is there, byte for byte. */
  look(): Promise<Seen>
  /** Everything there is, row by row and file by file, as it would be in any other story that ends the same. */
  content(): Promise<Readonly<Record<string, unknown>>>
  close(): Promise<void>
}

const LIVE_RUN = `select run_key || '~' || revision as run from publication where id = (select publication_id from pipeline)`
/** What differs by nature: when, and where. */
const VOLATILE = /(^|_)(at|published_from|published_to)$/
/** Numbers that a failed attempt uses up. */
const PUBLICATION = /^(id|.*publication_id|compared_with|shown_by|closed_by)$/

export interface Quarter {
  readonly asOf: string
  readonly revision?: number
  readonly members: Members
  /** Of the quarter that is live. */
  readonly before?: Members
  readonly former?: ReadonlySet<string>
}

/** @param server default: the embedded one */
export async function openPublishingScene(server?: string): Promise<PublishingScene> {
  const target = await openFreshSchema(server)
  const s3 = await s3Connection()
  const client = new S3Client({ ...s3, forcePathStyle: true })
  const bucket = `publishing-${randomUUID().slice(0, 8)}`
  const made = new Map<string, RunPublication>()
  let story = 0
  const prefix = (): string => `story-${story}/`

  async function read(key: string): Promise<Buffer | undefined> {
    const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch((error: Error) => {
      if (error.name !== 'NoSuchKey' && error.name !== 'NoSuchBucket') throw error
      return undefined
    })
    return found && Buffer.from(await found.Body!.transformToByteArray())
  }

  /** Rows of all relations of some kinds, in an order of their own. */
  async function rowsOf(kinds: string): Promise<Record<string, readonly string[]>> {
    const relations = await target.query<{ name: string }>(`select relname as name from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in (${kinds}) and relname <> 'migration' order by 1`)
    // What was loaded and lost may still be there, or not.
    const ids = await target.query<{ id: string }>(
      'select id from publication where published_at is not null union select id from rollback order by 1',
    )
    const rank = new Map(ids.map(({ id }, index) => [String(id), `publication ${index + 1}`]))
    const texts = relations.map(({ name }) => `select to_jsonb(t) as row from "${name}" t`)
    const results = (await target.queryAll(texts)) as readonly { row: unknown }[][]
    return Object.fromEntries(
      relations.map(({ name }, index) => [
        name.replace(/\d+$/, (id) => rank.get(id) ?? id),
        results[index]!.map(({ row }) => JSON.stringify(stable(row, rank)).replaceAll(prefix(), 'story/')).sort(),
      ]),
    )
  }

  async function latest(): Promise<LatestRun | undefined> {
    const text = await read(`${prefix()}shop/latest.json`)
    return text && (JSON.parse(text.toString()) as LatestRun)
  }

  return {
    target,
    place: () => ({
      connectionString: target.connectionString,
      schema: target.schema,
      ...{ s3, bucket, folder: target.scratchPath },
    }),
    async begin() {
      story++
      await target.clear()
      await target.query('drop view if exists shop_customers')
    },
    async candidate({ before, ...quarter }) {
      const [live] = await target.query<{ run: string }>(LIVE_RUN)
      const key = JSON.stringify([quarter.asOf, quarter.revision, [...quarter.members], [...(before ?? [])]])
      const options = { ...quarter, ...(before && { before: { runId: live!.run, members: before } }), shards: 2 }
      const candidate = made.get(key) ?? (await makeCandidate(target, options))
      made.set(key, candidate)
      const definition = makeDefinition()
      const { plan, validation } = candidate
      return {
        ...candidate,
        plan: {
          ...plan,
          definition: {
            ...definition,
            target: { ...definition.target, prefix: prefix() },
            pipeline: {
              ...definition.pipeline,
              activate: { crm: { kind: 'table', connection: 'crm', table: 'crm.members' } },
            },
          },
        } as RunPublication['plan'],
        validation: { ...validation, comparedWith: before ? live!.run : null },
      }
    },
    async look() {
      const named = await latest()
      if (named) {
        const manifest = JSON.parse((await read(named.manifest))!.toString()) as RunManifest
        for (const { path, sha256 } of manifest.files) {
          const bytes = (await read(named.manifest.replace(/manifest\.json$/, path))) ?? ''
          if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${path} is not whole.`)
        }
      }
      const [live] = await target.query<{ run: string }>(LIVE_RUN)
      const views = createHash('sha256')
        .update(JSON.stringify(await rowsOf(`'v'`)))
        .digest('hex')
      return { views, live: live?.run ?? null, latest: named ? formatRunId(named) : null }
    },
    async content() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix() }))
      const { shownSince: _, ...named } = (await latest())!
      const files = Contents.map(({ Key, ETag }) => (Key!.endsWith('latest.json') ? 'latest.json' : `${Key} ${ETag}`))
      const relations = await rowsOf(`'r', 'p', 'v'`)
      return { ...relations, files: files.map(plain).sort(), latest: plain(JSON.stringify(named)) }
    },
    async close() {
      client.destroy()
      await target.close()
    },
  }

  function plain(text: string): string {
    return text.replaceAll(prefix(), 'story/')
  }
}

function stable(value: unknown, rank: ReadonlyMap<string, string>, column = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => stable(one, rank))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, stable(one, rank, name)]))
  if (value !== null && VOLATILE.test(column)) return 'some time'
  if (value !== null && PUBLICATION.test(column)) return rank.get(String(value)) ?? value
  return value
}
