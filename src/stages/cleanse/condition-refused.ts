import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { RawColumn } from './raw-columns.ts'
import { mappedColumns } from './raw-columns.ts'

/** The engine's words for "this SQL does not fit" and "this SQL does not fit these values". */
const BY_THE_SQL = /\b(Parser|Binder|Catalog|Conversion|Invalid Input|Out of Range) Error\b/

/** An error of the engine that a rule's own SQL caused, in words for its author; any other error as it came. */
export function explainCondition(error: unknown, ruleNames: readonly string[], columns: readonly RawColumn[]): unknown {
  if (ruleNames.length === 0 || !(error instanceof Error) || !BY_THE_SQL.test(error.message)) return error
  const [firstLine] = error.message.split('\n')
  return new ConfigInvalid(
    `The SQL of cleansing rule ${ruleNames.join(' or ')} does not work: ${withoutValues(firstLine!)}.`,
    `Its columns are ${mappedColumns(columns)
      .map(({ name, type }) => `${name} ${type}`)
      .join(', ')}.`,
    { cause: error },
  )
}

/** Conversion errors quote the value that did not convert, which may be personal. */
function withoutValues(message: string): string {
  return /\b(Conversion|Invalid Input) Error\b/.test(message)
    ? message.replace(/'[^']*'|"[^"]*"/g, '…').slice(0, 200)
    : message.slice(0, 500)
}
