import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import type { TestProject } from './project.ts'

/** What differs from run to run by nature: instants of publication, Temporal's ids, addresses that contain the target. */
const VOLATILE =
  /^(published_(at|from|to)|started_at|finished_at|temporal_.*|manifest_uri|report_uri|workflow_id|at|recorded_at|stale_after)$/

const VIEWS = [
  'customer_segments',
  'customer_segment_history',
  'segments',
  'segment_lineage',
  'segment_profiles',
  'segment_transitions',
  'segment_events',
  'validation_checks',
  'data_quality',
  'model_selection',
]

/** Everything consumers can read of a target, without what differs from run to run by nature. */
export async function publishedContent(project: TestProject): Promise<Record<string, unknown>> {
  const views: Record<string, unknown> = {}
  for (const view of VIEWS) {
    const rows = await project.sql<Record<string, unknown>>(`select * from ${view}`)
    views[view] = rows
      .map(stable)
      .map((row) => JSON.stringify(row))
      .sort()
  }
  return { views, objects: await publishedObjects(project) }
}

function stable(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !VOLATILE.test(column)))
}

/**
 * Key (under the target's prefix) → ETag of every published file but the manifests, whose addresses differ. A report says by which definition it
 * was made, which names the bucket, and in which target: of reports it is the text without these two.
 */
export async function publishedObjects(project: TestProject): Promise<Record<string, string>> {
  const client = s3Of(project)
  const Bucket = `segments-${project.target}`
  const listed = await client.send(new ListObjectsV2Command({ Bucket, Prefix: `${project.target}/` }))
  const objects: Record<string, string> = {}
  for (const { Key = '', ETag = '' } of listed.Contents ?? []) {
    const name = Key.slice(project.target.length + 1)
    if (name.endsWith('.json')) continue
    const report = /^(.*\/report)-[0-9a-f]+(\.html)$/.exec(name)
    if (report) {
      const page = await (await client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString()
      objects[`${report[1]}${report[2]}`] = page.replace(/(?<=>)[0-9a-f]{12}(?=<)| --target \w+/g, '')
    } else objects[name] = ETag
  }
  client.destroy()
  return objects
}

/** A published document. @param key under the target's prefix */
export async function readPublished<T>(project: TestProject, key: string): Promise<T> {
  const client = s3Of(project)
  const found = await client.send(
    new GetObjectCommand({ Bucket: `segments-${project.target}`, Key: `${project.target}/${key}` }),
  )
  const text = await found.Body!.transformToString()
  client.destroy()
  return JSON.parse(text) as T
}

export function s3Of(project: TestProject): S3Client {
  return new S3Client({
    endpoint: project.variables.S3_ENDPOINT!,
    region: project.variables.AWS_REGION ?? 'us-east-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: project.variables.AWS_ACCESS_KEY_ID!,
      secretAccessKey: project.variables.AWS_SECRET_ACCESS_KEY!,
    },
  })
}
