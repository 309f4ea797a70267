import { z } from 'zod'

export const publishConfig = z
  .strictObject({
    warehouse: z.string().describe('Name of the Postgres connection that consumers read.'),
    s3: z.string().optional().describe('Name of the S3 connection for the Parquet files. Default: none are written.'),
    customerIds: z
      .enum(['plain', 'pseudonyms'])
      .default('plain')
      .describe(
        'Under which ids customers are kept and published. `pseudonyms`: HMAC-SHA-256 of their ids by RESEGMENT_PSEUDONYM_KEY of the workers; nothing behind stage extract has their own.',
      ),
    holdoutShare: z
      .number()
      .min(0)
      .max(0.5)
      .default(0)
      .describe(
        'Share of customers marked is_holdout, chosen by a hash of the id, so that it is the same customers each time.',
      ),
  })
  .describe('Where the result goes.')
