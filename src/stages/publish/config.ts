import { z } from 'zod'

export const publishConfig = z
  .strictObject({
    warehouse: z.string().describe('Name of the Postgres connection that consumers read.'),
    s3: z.string().optional().describe('Name of the S3 connection for the Parquet files. Default: none are written.'),
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
