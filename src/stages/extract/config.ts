import { z } from 'zod'
import { carriedRoles, controlRoles } from '../../run/data-roles.ts'
import { verifyCount } from './verify-count.ts'

export const columnTypes = ['text', 'integer', 'decimal', 'timestamp', 'date', 'boolean'] as const

const columnType = z.enum(columnTypes)
const extraType = columnType
  .optional()
  .describe('Type of a column that has no meaning of its own in the role. Default: text.')

/** A column of the source, or an expression in the engine's SQL over the source's columns. */
export const columnExpression = z
  .union([
    z.string().min(1).describe('Name of a column of the source.'),
    z.strictObject({ column: z.string().min(1).describe('Name of a column of the source.'), type: extraType }),
    z.strictObject({
      sql: z.string().min(1).describe("An expression in DuckDB's SQL over the source's columns."),
      type: extraType,
    }),
  ])
  .describe('A plain string is a column name; `{ sql: … }` is an expression.')

export type ColumnExpression = z.infer<typeof columnExpression>

const csvOptions = z
  .strictObject({
    delimiter: z
      .string()
      .length(1)
      .optional()
      .describe(
        'Field separator; a blank stands for any number of blanks and tabs, as in aligned columns. Default: a comma; a tab for .tsv.',
      ),
    quote: z
      .string()
      .max(1)
      .default('"')
      .describe('Quotes a field; doubled, it stands for itself. Empty: fields are never quoted.'),
    header: z
      .union([z.boolean(), z.array(z.string().min(1)).min(1)])
      .default(true)
      .describe(
        'Whether the first line names the columns; a list names them where there is no such line. Columns without names are column1, column2, ….',
      ),
    skipLines: z.int().nonnegative().default(0).describe('Lines before the header or the first record.'),
    encoding: z
      .string()
      .default('utf-8')
      .describe('Encoding of the text, such as windows-1252, iso-8859-15, utf-16le or shift_jis.'),
    decimal: z.enum(['.', ',']).default('.').describe('Decimal mark of numbers.'),
    thousands: z.enum([',', '.', ' ', "'"]).optional().describe('Separates thousands in numbers. Default: none.'),
    nulls: z
      .array(z.string())
      .default([])
      .describe('Texts that stand for no value, beside the empty one: `[NULL, "N/A", "?"]`.'),
    dateFormat: z
      .string()
      .optional()
      .describe('How dates are written, in the words of strptime: `%d.%m.%Y`. Default: ISO 8601.'),
    timestampFormat: z
      .string()
      .optional()
      .describe('How instants are written, in the words of strptime: `%m/%d/%Y %H:%M`. Default: ISO 8601.'),
  })
  .describe('How a CSV file is written.')

export type CsvOptions = z.infer<typeof csvOptions>

const postgresConnection = z.string().describe('Name of a Postgres connection of the project.')

/** Where rows come from: a table or query behind a connection, or files. */
export const sourceLocation = z
  .union([
    z.strictObject({
      connection: postgresConnection,
      table: z.string().min(1).describe('Table or view, with its schema: `sales.order_lines`.'),
    }),
    z.strictObject({
      connection: postgresConnection,
      query: z.string().min(1).describe('A select statement, run as it stands.'),
    }),
    z.strictObject({
      connection: postgresConnection,
      queryFile: z.string().min(1).describe('File with a select statement, relative to the project folder.'),
    }),
    z.strictObject({
      connection: z
        .string()
        .optional()
        .describe('Name of an S3 connection of the project, for files in its bucket. Default: local files.'),
      file: z
        .string()
        .min(1)
        .describe('Path or glob: `data/*.csv.gz`, relative to the project folder, or to the bucket of the connection.'),
      format: z
        .enum(['csv', 'parquet', 'jsonl'])
        .optional()
        .describe('Default: by extension (.csv .tsv .txt, .parquet, .jsonl .ndjson; each but Parquet may end in .gz).'),
      csv: csvOptions.optional(),
    }),
  ])
  .describe('Where the rows come from.')

export type SourceLocation = z.infer<typeof sourceLocation>

const canonicalName = z.string().regex(/^[a-z][a-z0-9_]*$/)

export const source = z
  .strictObject({
    from: z
      .union([sourceLocation, z.array(sourceLocation).min(1)])
      .describe('Where the rows come from; several places with the same columns make one source.'),
    columns: z
      .record(canonicalName, columnExpression)
      .describe(
        'Canonical column → column or expression of the source. Which names have a meaning depends on the role; any other name is carried along.',
      ),
    types: z
      .record(z.string(), columnType)
      .default({})
      .describe(
        "Types of the source's columns that expressions calculate with; a value that does not fit is rejected by rule `types`. Undeclared columns of text files are text.",
      ),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional()
      .describe('ISO 4217 code of the amounts. Sources whose rows differ map a column `currency` instead.'),
    timezone: z.string().default('UTC').describe('IANA zone of instants that carry no zone of their own.'),
    recordedAt: columnExpression
      .optional()
      .describe('When the row became known. Rows recorded at or after the as-of do not count.'),
    key: z
      .array(canonicalName)
      .min(1)
      .optional()
      .describe(
        'Canonical columns that identify a row. With `recordedAt`, only the version recorded last before the as-of counts.',
      ),
    validity: z
      .strictObject({
        from: columnExpression.describe('From when the row is true.'),
        to: columnExpression.describe('Until when (not including); empty: still.'),
      })
      .optional()
      .describe('Period in which a row is true (dbt snapshots): the row true just before the as-of counts.'),
    complete: z
      .strictObject({
        column: columnExpression.describe('Column of instants that grows as the source is loaded.'),
        through: z
          .enum(['asOf', 'lastDay'])
          .describe('The newest value must reach the as-of, or the last day before it.'),
      })
      .optional()
      .describe('When the source is complete; until then a run waits, as long as schedule.waitForLateData says.'),
    lookups: z
      .array(
        z.strictObject({
          source: z.string().describe('Name of another source: one row for each value of `on`.'),
          on: canonicalName.describe('Canonical column that both sources map.'),
          columns: z.array(canonicalName).min(1).describe('Canonical columns taken from the other source.'),
        }),
      )
      .default([])
      .describe('Columns filled in from other sources: category and cost of a product. A value of its own wins.'),
    unreadable: z
      .strictObject({
        do: z.enum(['fail', 'quarantine']).describe('`quarantine` keeps the records apart, with their lines.'),
        maxShare: z.number().min(0).max(1).default(0.01).describe('Largest share of records; above it the run fails.'),
      })
      .default({ do: 'fail', maxShare: 0.01 })
      .describe(
        'What happens to records that are no rows: short lines, broken quotes. Default: the run fails and names the lines.',
      ),
    verifyCount,
  })
  .describe('A set of rows that pipelines can read.')

export type Source = z.infer<typeof source>

const ofRole = z.union([z.string(), z.array(z.string()).min(1)])
const roleKey = (what: string) => ofRole.optional().describe(`Name of a source, or a list of them: ${what}`)

export const extractConfig = z
  .strictObject({
    transactions: roleKey('orders or order lines.'),
    customers: roleKey('attributes of customers.'),
    events: roleKey('what customers did on a site or in a product.'),
    survey: roleKey('answers to questions, one row an answer.'),
    tickets: roleKey('contacts with support.'),
    touches: roleKey('contacts of campaigns, their cost and response.'),
    overrides: roleKey('customers that people put into segments.'),
    identities: roleKey('other ids of a customer.'),
    consent: roleKey('who agreed. Customers without a grant are left out.'),
    exclusions: roleKey('customers to leave out.'),
    rates: roleKey('exchange rates into `currency`.'),
    population: z
      .enum(['transactions', 'customers'])
      .optional()
      .describe(
        'Who is segmented: customers with a purchase, or all customers of role `customers`. Default: transactions where there are some.',
      ),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional()
      .describe('ISO 4217 code that money is converted into by `rates`. Default: the one of the sources.'),
    purpose: z.string().optional().describe('Which purpose of `consent` counts. Default: any.'),
    whenLate: z
      .enum(['fail', 'continue'])
      .default('fail')
      .describe('What happens when a source is still incomplete after schedule.waitForLateData.'),
    shards: z
      .int()
      .min(1)
      .max(256)
      .optional()
      .describe(
        'Into how many parts the rows are split by customer. Default: one for each four million rows. Results do not depend on it.',
      ),
  })
  .refine((config) => config.transactions !== undefined || config.customers !== undefined, {
    message: 'needs transactions, customers or both',
  })
  .describe('What is read: a source for each role.')

export type ExtractConfig = z.infer<typeof extractConfig>

/** The sources of each role that the pipeline names, in the order of the roles. */
export function sourcesByRole(
  config: ExtractConfig,
): readonly (readonly [(typeof allRoles)[number], readonly string[]])[] {
  return allRoles.flatMap((role) => {
    const named = config[role]
    return named === undefined ? [] : [[role, typeof named === 'string' ? [named] : named] as const]
  })
}

const allRoles = [...carriedRoles, ...controlRoles]

/** The role whose rows are counted as the run's rows, and whose file has role `rows`. */
export function primaryRole(config: ExtractConfig): 'transactions' | 'customers' {
  return config.transactions === undefined ? 'customers' : 'transactions'
}

/** Role of a file in the raw and clean artifacts. */
export function fileRoleOf(config: ExtractConfig, role: (typeof carriedRoles)[number]): string {
  return role === primaryRole(config) ? 'rows' : role
}
