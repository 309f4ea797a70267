import { z } from 'zod'

/** A column of the source, or an expression in the engine's SQL over the source's columns. */
export const columnExpression = z
  .union([
    z.string().min(1).describe('Name of a column of the source.'),
    z.strictObject({ sql: z.string().min(1).describe("An expression in DuckDB's SQL over the source's columns.") }),
  ])
  .describe('A plain string is a column name; `{ sql: … }` is an expression.')

export const columnTypes = ['text', 'integer', 'decimal', 'timestamp', 'date', 'boolean'] as const

/** Where rows come from: a table or query behind a connection, or local files. */
export const sourceLocation = z
  .union([
    z.strictObject({
      connection: z.string().describe('Name of a Postgres connection of the project.'),
      table: z.string().min(1).describe('Table or view, with its schema: `sales.order_lines`.'),
    }),
    z.strictObject({
      connection: z.string().describe('Name of a Postgres connection of the project.'),
      query: z.string().min(1).describe('A select statement, run as it stands.'),
    }),
    z.strictObject({
      file: z
        .string()
        .min(1)
        .describe(
          'Path or glob relative to the project folder: `data/*.csv.gz`. CSV, CSV.gz and Parquet by extension.',
        ),
      delimiter: z.string().length(1).optional().describe('Field separator of a CSV file. Default: a comma.'),
    }),
  ])
  .describe('Where the rows come from.')

/** Canonical column names and their types; every other name in `columns` is carried along as text. */
export const canonicalColumns = {
  customer_id: 'text',
  occurred_at: 'timestamp',
  order_id: 'text',
  amount: 'decimal',
  quantity: 'decimal',
  unit_price: 'decimal',
  product: 'text',
  category: 'text',
  channel: 'text',
} as const satisfies Record<string, (typeof columnTypes)[number]>

export const source = z
  .strictObject({
    from: sourceLocation,
    columns: z
      .record(z.string().regex(/^[a-z][a-z0-9_]*$/), columnExpression)
      .describe(
        'Canonical column → column or expression of the source. Transactions need `customer_id`, `occurred_at`, `order_id` and `amount`; `quantity`, `unit_price`, `product`, `category`, `channel` have meanings too; any other name is carried as text.',
      ),
    types: z
      .record(z.string(), z.enum(columnTypes))
      .default({})
      .describe(
        'Types of CSV columns that expressions calculate with; a value that does not fit is rejected by rule `types`. Undeclared columns are text.',
      ),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional()
      .describe('ISO 4217 code of the amounts, shown as their unit.'),
    timezone: z.string().default('UTC').describe('IANA zone of instants that carry no zone of their own.'),
  })
  .describe('A set of rows that pipelines can read.')

export type Source = z.infer<typeof source>

export const extractConfig = z
  .strictObject({
    transactions: z.string().describe('Name of the source of order lines.'),
    customers: z
      .string()
      .optional()
      .describe('Name of the source of customer attributes: customers that never ordered are counted, others joined.'),
    shards: z
      .int()
      .min(1)
      .max(256)
      .optional()
      .describe(
        'Into how many parts the rows are split by customer. Default: one for each four million rows. Results do not depend on it.',
      ),
  })
  .describe('What is read: a source for each role.')
