import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { quoteText } from '../../sql/sql-text.ts'

/** What an expression of a definition refers to. */
export interface ParsedExpression {
  /** Names it mentions; not every one is a column of the source (lambda parameters are among them). */
  readonly names: readonly string[]
  /** It says `*`: every column. */
  readonly usesAll: boolean
}

/** Functions whose value depends on when or where they run: a run with them could not be repeated. */
const unrepeatable = new Set([
  'now',
  'today',
  'current_date',
  'current_time',
  'current_timestamp',
  'get_current_time',
  'get_current_timestamp',
  'transaction_timestamp',
  'random',
  'setseed',
  'uuid',
  'uuidv4',
  'uuidv7',
  'gen_random_uuid',
  'nextval',
  'currval',
])

/** SQL that gives the parsed form of an expression as JSON, in column `tree`. The line break ends a comment in the expression. */
export function parseExpressionSql(expression: string): string {
  return `SELECT CAST(json_serialize_sql(${quoteText(`SELECT (${expression}\n)`)}) AS VARCHAR) AS tree`
}

/**
 * @param tree what `parseExpressionSql` gave
 * @throws ConfigInvalid when the text is not one expression
 */
export function readExpression(expression: string, tree: string, where: string): ParsedExpression {
  const parsed = JSON.parse(tree) as {
    readonly error: boolean
    readonly error_message?: string
    readonly statements?: readonly { readonly node: { readonly select_list?: readonly unknown[] } }[]
  }
  const [statement, ...others] = parsed.statements ?? []
  if (parsed.error || !statement || others.length > 0 || statement.node.select_list?.length !== 1)
    throw new ConfigInvalid(
      `${where}: "${expression}" is not an expression (${parsed.error_message ?? 'more than one value'}).`,
      "Write one expression in DuckDB's SQL over the source's columns, such as `quantity * unit_price`.",
    )
  const names = new Set<string>()
  let usesAll = false
  visit(statement.node, (node) => {
    if (node.class === 'STAR') usesAll = true
    if (node.class === 'COLUMN_REF') for (const name of node.column_names as string[]) names.add(name)
    // The parser takes words like current_date for columns or functions, as the version pleases.
    const called =
      node.class === 'FUNCTION' ? [String(node.function_name)] : (node.column_names as string[] | undefined)
    const moving = called?.length === 1 ? unrepeatable.has(called[0]!.toLowerCase()) : false
    if (moving)
      throw new ConfigInvalid(
        `${where}: "${expression}" uses ${called![0]}, whose value changes from one reading to the next.`,
        'Use only columns of the source: a run must give the same result when it is repeated.',
      )
  })
  return { names: [...names], usesAll }
}

function visit(value: unknown, seen: (node: Readonly<Record<string, unknown>>) => void): void {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value)) seen(value as Readonly<Record<string, unknown>>)
  for (const inner of Object.values(value)) visit(inner, seen)
}
