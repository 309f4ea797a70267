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
    features: z
      .union([z.literal('all'), z.array(z.string()).min(1)])
      .optional()
      .describe(
        'Features whose values of each customer are published, by their names; all: every one. View customer_features and folder features of the files have them. Default: none.',
      ),
    holdout: z
      .strictObject({
        share: z.number().min(0).max(0.5).describe('Share of the customers who are held out.'),
        salt: z
          .string()
          .min(1)
          .max(100)
          .optional()
          .describe(
            'Names the draw: pipelines of one salt hold the same customers out, another salt holds out others. Default: the name of the pipeline.',
          ),
        by: z
          .enum(['customer', 'segment'])
          .default('customer')
          .describe(
            'customer: by a hash of the id alone. segment: the share of each segment, by the same hash; who is held out stays so when the segment changes, and new customers fill what is lacking.',
          ),
      })
      .optional()
      .describe(
        'Customers marked is_holdout, who are in no audience and sent to no destination, so that effects can be measured against them. The same customers each time while share and salt stay. Default: nobody.',
      ),
  })
  .describe('Where the result goes.')
