import { z } from 'zod'
import { CONTRACT_VERSION, fileTableNames } from '../../run/file-tables.ts'

const digest = z.string().describe('Content digest of the validated rows and findings.')
const identity = {
  formatVersion: z.literal(1),
  pipeline: z.string(),
  runKey: z.string().describe('The pipeline and the as-of date in its zone: shop@2026-10-01.'),
  revision: z.int().min(1).describe('Counts the reruns of a run key, from 1.'),
}
const asOf = z.string().describe('The instant the run looked from: ISO 8601, UTC.')

const column = z.strictObject({
  name: z.string(),
  type: z.enum(['text', 'double', 'integer', 'bigint', 'boolean', 'instant']),
  nullable: z.boolean(),
})

const file = z.strictObject({
  path: z.string().describe("Below the manifest's folder."),
  table: z.enum(fileTableNames).nullable().describe('Whose rows it has. Null: it is a report for people.'),
  bytes: z.int().nonnegative(),
  sha256: z.string().describe('Lower-case hex.'),
  rows: z.int().nonnegative().nullable().describe('Null: it is no table.'),
})

/** `manifest.json`: what a run consists of. No wall-clock time, so that a second attempt writes the same text. */
export const runManifest = z
  .strictObject({
    ...identity,
    contractVersion: z.literal(CONTRACT_VERSION).describe('Raised when a column goes, or changes its name or type.'),
    period: z.string(),
    asOf,
    definitionHash: z.string(),
    codeVersion: z.string(),
    digest,
    customers: z.int().nonnegative().describe('As they were published.'),
    tables: z
      .partialRecord(z.enum(fileTableNames), z.strictObject({ rows: z.int(), columns: z.array(column) }))
      .describe('Tables that this run has, with their columns in the order of the files.'),
    erased: z
      .strictObject({ customers: z.int().nonnegative() })
      .optional()
      .describe(
        'Customers who were erased since, on request: `customers`, segments, profiles and transitions still count them, rows of files and tables do not. Absent: nobody.',
      ),
    files: z.array(file).describe('Everything the run consists of. What lies beside it belongs to nobody.'),
  })
  .describe('manifest.json of a published run: written last, and changed by nothing but an erasure of customers.')

export type RunManifest = z.infer<typeof runManifest>
export type ManifestFile = RunManifest['files'][number]

/** `latest.json`: the run that is live. */
export const latestRun = z
  .strictObject({
    ...identity,
    asOf,
    digest,
    manifest: z.string().describe('Key of the manifest in the same bucket.'),
    shownSince: z
      .string()
      .optional()
      .describe(
        'When consumers of the warehouse began to see it, in UTC with microseconds. Absent: an earlier version wrote it.',
      ),
  })
  .describe('latest.json of a pipeline: the newest run that is out.')

export type LatestRun = z.infer<typeof latestRun>
