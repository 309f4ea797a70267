import { z } from 'zod'

const secretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/)
  .describe('Name of an environment variable of the workers, or of a file under RESEGMENT_SECRETS_DIR.')
const secretRef = z.strictObject({ secret: secretName })

const segments = z
  .array(z.string().min(1))
  .min(1)
  .optional()
  .describe('Which segments it gets, by `segment_key` or by a name given under `segments`. Default: all.')

/** `entered shop-3`, `left champions`, `moved`. */
export const TRIGGER = /^(entered|left|moved)(?: (\S.*))?$/

const webhook = z.strictObject({
  kind: z.literal('webhook').describe('Events are sent as JSON in batches, signed.'),
  url: z
    .union([z.string().min(1), secretRef])
    .describe('Address of the receiver, `https://…`; as a secret where a token is in it: `{ secret: CRM_URL }`.'),
  signWith: secretRef.describe('The key of the signature, as text, or as `whsec_` and Base64.'),
  on: z
    .array(z.string().regex(TRIGGER))
    .min(1)
    .optional()
    .describe(
      'What is sent: `entered`, `left`, `moved`; with a segment only what concerns it: `entered shop-3`, `left champions`. Default: everything.',
    ),
  batchSize: z.int().min(1).max(5_000).default(500).describe('Events in one request.'),
  ratePerSecond: z.number().positive().max(1_000).default(5).describe('Requests a second, at most.'),
  timeoutSeconds: z.int().min(1).max(300).default(30).describe('After which time a request has failed.'),
  allowHttp: z.boolean().default(false).describe('Whether the address may be `http://`, where anybody can read along.'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe(
      "Whether the address may lead into the workers' own network: loopback, private and link-local addresses.",
    ),
})

const csv = z.strictObject({
  kind: z.literal('csv').describe('One CSV file a segment, with everybody who is in it.'),
  connection: z.string().describe('Name of the S3 connection the files go to.'),
  folder: z
    .string()
    .regex(/^(?:[a-z0-9][a-z0-9_-]*\/)*$/)
    .default('audiences/')
    .describe("Folder below the target's prefix and the pipeline, ending with a slash."),
  channel: z
    .string()
    .optional()
    .describe('A feature of the pipeline that says how to reach a customer, `preferredChannel`: one more column.'),
  segments,
})

const table = z.strictObject({
  kind: z.literal('table').describe('A table with one row a member, in a Postgres of yours.'),
  connection: z.string().describe('Name of the Postgres connection.'),
  table: z
    .string()
    .regex(/^(?:[a-z_][a-z0-9_]{0,62}\.)?[a-z_][a-z0-9_]{0,62}$/)
    .describe('Table, with its schema: `crm.segment_members`. Made when it is missing; the schema must be there.'),
  segments,
})

const destinationConfig = z.discriminatedUnion('kind', [webhook, csv, table])

export const activateConfig = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), destinationConfig)
  .describe(
    'Destinations that are told what a publication has changed, by name. Each is a workflow of its own: none holds up the run. Customers of the holdout are never sent.',
  )

export type DestinationConfig = z.infer<typeof destinationConfig>
