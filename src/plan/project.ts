import { z } from 'zod'
import { source } from '../stages/extract/config.ts'
import { notify } from './notify.ts'

const secretRef = z.strictObject({
  secret: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .describe('Name of an environment variable, or of a file under RESEGMENT_SECRETS_DIR.'),
})

export const connection = z
  .union([
    z.strictObject({
      postgres: secretRef.describe('A connection URL: postgres://user:password@host:5432/database'),
      maxParallel: z
        .int()
        .min(1)
        .max(32)
        .default(2)
        .describe('How many sources, or parts of a large table, are read at once. More load the database more.'),
      statementTimeout: z
        .string()
        .regex(/^[1-9]\d*[smh]$/)
        .default('30m')
        .describe('After which time a read gives up: `90s`, `30m`, `2h`.'),
    }),
    z.strictObject({
      s3: z.strictObject({
        bucket: z.string().min(3).max(63).describe('Bucket name.'),
        region: z.string().default('us-east-1').describe('Region of the bucket. Default: us-east-1.'),
        endpoint: z
          .url({ protocol: /^https?$/ })
          .optional()
          .describe('Server that speaks the protocol of S3. Default: S3_ENDPOINT of the worker, or AWS.'),
        pathStyle: z
          .boolean()
          .optional()
          .describe("Puts the bucket's name into the path instead of the host. Default: true with an endpoint."),
        encryption: z
          .union([
            z.enum(['s3', 'kms']).describe("With keys that S3 keeps, or with the account's default KMS key."),
            z.strictObject({ kmsKey: z.string().min(1).describe('Id, ARN or alias of the KMS key.') }),
          ])
          .optional()
          .describe(
            'How S3 encrypts what is written, the artifacts beside the bucket included. Default: as the bucket says.',
          ),
        storageClass: z
          .string()
          .regex(/^[A-Z][A-Z0-9_]*$/)
          .optional()
          .describe("Of published files, `STANDARD_IA` for instance. Default: the bucket's."),
        tags: z
          .record(z.string().min(1).max(128), z.string().max(256))
          .refine((tags) => Object.keys(tags).length <= 10, 'S3 keeps at most ten tags of an object.')
          .optional()
          .describe('Tags of every object that is written, for lifecycle rules and bills. Default: none.'),
      }),
    }),
  ])
  .describe("An outside system. Credentials come from the environment: a named secret, or the AWS SDK's own variables.")

export type Connection = z.infer<typeof connection>

export const target = z
  .strictObject({
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,62}$/)
      .describe('Postgres schema of the tables and views.'),
    prefix: z
      .string()
      .regex(/^(?:[a-z0-9][a-z0-9_-]*\/)+$/)
      .describe('S3 key prefix, ending with a slash.'),
    embedded: z
      .boolean()
      .default(false)
      .describe('Fill in servers that the environment does not name with the embedded ones.'),
  })
  .describe('Where a run works.')

export type Target = z.infer<typeof target>

export const privacy = z
  .strictObject({
    purpose: z
      .string()
      .min(1)
      .max(500)
      .describe('What customers are segmented for, in words for the record of processing.'),
    legalBasis: z.string().min(1).max(200).describe('On which legal basis: consent, contract, legitimate interest, …'),
    contact: z.string().max(200).default('').describe('Whom customers write to about their data. Default: `contact`.'),
    sensitive: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Columns that no segment may be formed by unless a pipeline says why: canonical names, or columns that sources read them from.',
      ),
  })
  .describe('What the record of processing says: `resegment privacy`.')

/** How spans of keeping are written. */
export const RETENTION_SPAN = /^[1-9]\d{0,3} (days|weeks|months|years)$/

const kept = (fallback: string, description: string) =>
  z.string().regex(RETENTION_SPAN).default(fallback).describe(`${description} Default: ${fallback}.`)

export const retention = z
  .strictObject({
    orphans: kept('14 days', 'Of published files that no run refers to, and of uploads that nobody finished.'),
    candidates: kept('90 days', 'Of artifacts of runs that were rejected, cancelled or failed.'),
    dryRuns: kept('14 days', 'Of artifacts of dry runs.'),
    rejects: kept('30 days', 'Of rows that cleansing refused, of every run: they hold values as they came.'),
  })
  .describe('How long `resegment sweep` leaves what no consumer reads. A run that is open or was published stays.')

/** `resegment.yaml`. */
export const projectConfig = z
  .strictObject({
    connections: z.record(z.string(), connection).describe('Outside systems by name.'),
    targets: z
      .record(z.string().regex(/^[a-z][a-z0-9]{0,19}$/), target)
      .describe('`dev` is the default; `prod` works only when named.'),
    sources: z.record(z.string(), source).describe('Sets of rows shared by pipelines.'),
    retention: retention.prefault({}),
    contact: z.string().max(200).default('').describe('Whom an operator calls; shown in failure messages.'),
    runbook: z
      .string()
      .max(500)
      .default('')
      .describe('Link to your own instructions for operators; shown in failure messages.'),
    notify,
    privacy: privacy.optional(),
  })
  .describe('Connections, targets and shared sources of the pipelines.')

export type Project = z.infer<typeof projectConfig>
