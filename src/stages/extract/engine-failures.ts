import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { ResegmentError } from '../../errors/resegment-error.ts'
import { SourceUnreadable } from '../../errors/source-unreadable.ts'

/** Kinds of engine errors that come from the definition, and those that come from what the source holds. */
const ofDefinition = /^(Parser|Binder|Catalog|Not implemented) Error/i
const ofContent = /^(Invalid Input|Conversion|Out of Range|Invalid) Error/i

/**
 * Our failure for an engine error while a source is read; anything else (a full disk, a lost mount) as it came.
 *
 * @param doing `sources.order_lines.columns.amount: quantity * price`
 */
export function toExtractFailure(error: unknown, sourceName: string, doing: string): unknown {
  if (!(error instanceof Error) || error instanceof ResegmentError) return error
  const instant = explainInstant(error, sourceName, doing)
  if (instant) return instant
  const isOfContent = ofContent.test(error.message)
  const said = isOfContent ? withoutValues(error.message) : error.message.split('\n\n')[0]!
  const reason = said
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ')
    .replace(/\.$/, '')
  if (ofDefinition.test(reason))
    return new ConfigInvalid(
      `${doing} does not work: ${reason}.`,
      `Correct the expression. If it calculates with columns of a CSV file, declare their types under sources.${sourceName}.types: undeclared columns are text.`,
      { cause: error },
    )
  if (isOfContent)
    return new SourceUnreadable(
      `${doing} could not be read: ${reason}.`,
      isUnicode(reason)
        ? 'Save the file as UTF-8, then start the next revision.'
        : 'Correct the row in the source, or the expression that reads it, then start the next revision.',
      { cause: error },
    )
  return error
}

/** One value that `strptime` cannot read ends the query; `try_strptime` gives NULL, and the row goes its way through the rules. */
function explainInstant(error: Error, sourceName: string, doing: string): SourceUnreadable | undefined {
  const said = /Could not parse string "(?<text>[\s\S]*?)" according to format specifier "(?<format>[^"]*)"/.exec(
    error.message,
  )
  if (!said?.groups) return undefined
  const { text, format } = said.groups
  const reason = /^Error: (?<why>[^,\n]*)/m.exec(error.message)?.groups?.why
  return new SourceUnreadable(
    `${doing}: a value like "${shapeOf(text!)}" is not written as '${format}'${reason ? ` (${reason.toLowerCase()})` : ''}.`,
    `Write try_strptime instead of strptime under sources.${sourceName}: it gives NULL for such a value, and rule \`required\` rejects the row.`,
    { cause: error },
  )
}

/** What a value looks like, without saying it: digits are 9, letters a. */
export function shapeOf(text: string): string {
  return text.slice(0, 40).replaceAll(/\d/g, '9').replaceAll(/\p{L}/gu, 'a')
}

/** Lines of an error that say what is wrong; others quote the row. */
const says = /^(Expected Number|Error when converting|Invalid unicode|Value with|Maximum line|Missing)/

/** The engine quotes the value that does not fit, and the whole line of a file: rows stay out of messages. Names of columns and types stay. */
function withoutValues(message: string): string {
  return message
    .split('\n')
    .filter((line, index) => index === 0 || says.test(line))
    .join('\n')
    .replace(/(\b(?:column|to) )?(["'])(?:(?!\2).)*\2/g, (quoted, name?: string) => (name ? quoted : '…'))
    .replace(/\bwith value \S+/, 'with value …')
}

function isUnicode(reason: string): boolean {
  return /unicode|utf-?8/i.test(reason)
}
