import { quoteName, quoteText } from '../../../sql/sql-text.ts'
import type { ReadableColumns } from '../readable-columns.ts'
import type { Expression } from './expression.ts'
import { functions } from './functions.ts'

/**
 * A checked condition in the engine's SQL, over a relation of feature columns. What is missing is null, and stays what it is in SQL: a
 * comparison with it is neither true nor false. Division by 0 gives null. Every value of the condition becomes a quoted literal and every
 * name a quoted column, so that nothing in its text is ever read as SQL.
 *
 * @returns TRUE, FALSE or null a row
 */
export function compileExpression(expression: Expression, columns: ReadableColumns): string {
  const sql = (part: Expression): string => compileExpression(part, columns)
  switch (expression.kind) {
    case 'number':
      return numberLiteral(expression.value)
    case 'text':
      return quoteText(expression.value)
    case 'boolean':
      return expression.value ? 'TRUE' : 'FALSE'
    case 'feature':
      return columns[expression.name]!.type === 'boolean'
        ? `(${quoteName(expression.name)} <> 0)`
        : quoteName(expression.name)
    case 'negative':
      return `(- ${sql(expression.of)})`
    case 'arithmetic': {
      const { operator, left, right } = expression
      return operator === '/' ? `(${sql(left)} / nullif(${sql(right)}, 0))` : `(${sql(left)} ${operator} ${sql(right)})`
    }
    case 'comparison': {
      const { operator, left, right } = expression
      return `(${sql(left)} ${operator === '!=' ? '<>' : operator} ${sql(right)})`
    }
    case 'among': {
      const { value, options, isNegated } = expression
      return `(${sql(value)} ${isNegated ? 'NOT ' : ''}IN (${options.map(sql).join(', ')}))`
    }
    case 'between': {
      const { value, low, high, isNegated } = expression
      return `(${sql(value)} ${isNegated ? 'NOT ' : ''}BETWEEN ${sql(low)} AND ${sql(high)})`
    }
    case 'known':
      return `(${sql(expression.value)} IS ${expression.isKnown ? 'NOT ' : ''}NULL)`
    case 'logic':
      return `(${expression.operands.map(sql).join(expression.operator === 'and' ? ' AND ' : ' OR ')})`
    case 'not':
      return `(NOT ${sql(expression.of)})`
    case 'call':
      return `${functions[expression.name]!.sql}(${expression.values.map(sql).join(', ')})`
  }
}

/** With an exponent, so that the engine reads a DOUBLE and no DECIMAL; negative ones in parentheses, since `--` begins a comment. */
function numberLiteral(value: number): string {
  const text = String(value)
  const literal = text.includes('e') ? text : `${text}e0`
  return value < 0 || Object.is(value, -0) ? `(${literal.startsWith('-') ? literal : `-${literal}`})` : literal
}
