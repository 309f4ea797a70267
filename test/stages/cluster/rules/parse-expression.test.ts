import { describe, expect, it } from 'vitest'
import type { ReadableColumns } from '../../../../src/stages/cluster/readable-columns.ts'
import { checkExpression } from '../../../../src/stages/cluster/rules/check-expression.ts'
import { compileExpression } from '../../../../src/stages/cluster/rules/compile-expression.ts'
import { describeExpression } from '../../../../src/stages/cluster/rules/describe-expression.ts'
import type { Expression, ExpressionProblem } from '../../../../src/stages/cluster/rules/expression.ts'
import { parseExpression } from '../../../../src/stages/cluster/rules/parse-expression.ts'

const columns: ReadableColumns = {
  recency: { type: 'number', unit: 'days' },
  frequency: { type: 'number', unit: 'count' },
  monetary: { type: 'number', unit: 'money' },
  'categoryShares:books': { type: 'number', unit: 'share' },
  'categoryShares:home & garden': { type: 'number', unit: 'share' },
  country: { type: 'text', unit: 'text' },
  isMember: { type: 'boolean', unit: 'level' },
  between: { type: 'number', unit: 'count' },
}

function read(text: string): Expression {
  const parsed = parseExpression(text)
  if ('problem' in parsed) throw new Error(JSON.stringify(parsed.problem))
  return parsed.expression
}

function problemOf(text: string): ExpressionProblem | null {
  const parsed = parseExpression(text)
  return 'problem' in parsed ? parsed.problem : checkExpression(parsed.expression, columns)
}

const sqlOf = (text: string): string => compileExpression(read(text), columns)

describe('a condition of a rule', () => {
  it('binds or, and, not, comparison, plus, times, sign from the weakest to the strongest', () => {
    expect(sqlOf('not recency < 5 or frequency > 1 and monetary + 2 * -recency >= 7')).toBe(
      '((NOT ("recency" < 5e0)) OR (("frequency" > 1e0) AND (("monetary" + (2e0 * (- "recency"))) >= 7e0)))',
    )
  })

  it('takes chains of minus and division from the left', () => {
    expect(sqlOf('monetary - 1 - 2 > 8 / 4 / recency')).toBe(
      '((("monetary" - 1e0) - 2e0) > ((8e0 / nullif(4e0, 0)) / nullif("recency", 0)))',
    )
  })

  it('reads words in any case, names and texts as written', () => {
    expect(sqlOf("country IN ('DE', 'o''clock') AND NOT isMember Or country = ''")).toBe(
      `((("country" IN ('DE', 'o''clock')) AND (NOT ("isMember" <> 0))) OR ("country" = ''))`,
    )
  })

  it('reads levels of compositions, in double quotes when they are no plain word', () => {
    expect(sqlOf('categoryShares:books > 0.5 or "categoryShares:home & garden" between 0.1 and 1e-1')).toBe(
      '(("categoryShares:books" > 0.5e0) OR ("categoryShares:home & garden" BETWEEN 0.1e0 AND 0.1e0))',
    )
  })

  it('reads a feature named like a word of the language in double quotes', () => {
    expect(sqlOf('"between" not between -1 and 1')).toBe('("between" NOT BETWEEN (-1e0) AND 1e0)')
  })

  it('tells known from missing', () => {
    expect(sqlOf('recency is missing or monetary is not missing and country is known')).toBe(
      '(("recency" IS NULL) OR (("monetary" IS NOT NULL) AND ("country" IS NOT NULL)))',
    )
  })

  it('calls functions by our names', () => {
    expect(sqlOf("max(recency, 1) < abs(min(frequency, 2)) and startsWith(lower(country), 'd')")).toBe(
      `((greatest("recency", 1e0) < abs(least("frequency", 2e0))) AND starts_with(lower("country"), 'd'))`,
    )
  })

  it.each([
    ['', 0, 'the end of the condition', 'a feature, a number, a text or `(`'],
    ['recency <', 9, 'the end of the condition', 'a feature, a number, a text or `(`'],
    ['recency < 5 5', 12, '"5"', '`and`, `or`, a comparison or the end'],
    ['1 < recency < 5', 12, 'a second comparison, <', '`and`, `or` or the end'],
    ['recency == 5', 8, '"="', 'a value, or a sign such as <, = or +'],
    ['recency < 5 && frequency > 2', 12, '"&"', 'a value, or a sign such as <, = or +'],
    ['recency < 30d', 10, '"30d"', 'a number such as 12, 0.5 or 1e6'],
    ['recency < 1.2.3', 10, '"1.2.3"', 'a number such as 12, 0.5 or 1e6'],
    ['recency < .5', 10, '"."', 'a value, or a sign such as <, = or +'],
    ['recency < 1e999', 10, '1e999', 'a number below 1.8e308'],
    ["country = 'DE", 10, 'a text without its end', "a closing '"],
    ['country = ‘DE’', 10, '"‘"', 'a value, or a sign such as <, = or +'],
    ['"recency < 5', 0, 'a name without its end', 'a closing "'],
    ['country in DE', 11, '"DE"', 'a list in parentheses'],
    ["country in ('DE' 'AT')", 17, '"\'AT\'"', '`,` or `)` in the list'],
    ['country in ()', 12, '")"', 'a number, a text in single quotes, true or false'],
    ['recency between 1, 5', 17, '","', '`and` between the two bounds'],
    ['recency is 5', 11, '"5"', '`known` or `missing` after `is`'],
    ['recency not 5', 12, '"5"', '`in` or `between` after `not`'],
    ['(recency < 5', 12, 'the end of the condition', '`)`'],
    ['recency < 5; drop table x', 11, '";"', 'a value, or a sign such as <, = or +'],
    ['recency < \u0000', 10, 'a control character', 'visible characters'],
  ])('says of "%s" where it goes wrong, what came and what was wanted', (text, at, came, wanted) => {
    expect(problemOf(text)).toMatchObject({ at, came, wanted })
  })

  it.each([
    ['recency', 0, 'a number', 'a condition, which is true or false'],
    ['recency < 5 and monetary', 16, 'a number beside and', 'a boolean'],
    ["recency < '5'", 10, 'a text beside <', 'a number'],
    ['country = 5', 10, 'a number beside =', 'a text'],
    ["country < 'F'", 0, 'a text beside <', 'a number'],
    ['isMember = 1', 11, 'a number beside =', 'a boolean'],
    ["country in ('DE', 5)", 18, 'a number of the list', 'a text'],
    ['country + 1 > 2', 0, 'a text beside +', 'a number'],
    ['not recency', 4, 'a number after not', 'a boolean'],
    ['abs(recency, 2) > 1', 0, 'abs of 2 values', 'abs of 1'],
    ['max(recency) > 1', 0, 'max of 1 values', 'max of 2 or more'],
    ["coalesce(recency, 'x') > 1", 18, 'a text in coalesce', 'a number'],
    ['contains(country, 5)', 18, 'a number in contains', 'a text'],
  ])('refuses "%s", which compares what cannot be compared', (text, at, came, wanted) => {
    expect(problemOf(text)).toMatchObject({ at, came, wanted })
  })

  it('names the features and functions that might have been meant', () => {
    expect(problemOf('recency < 5 or Frequency > 1')).toMatchObject({
      at: 15,
      came: '"Frequency"',
      unknown: { name: 'Frequency', among: Object.keys(columns) },
    })
    expect(problemOf('toString(recency) < 5')).toMatchObject({ came: 'function "toString"' })
    expect(problemOf('constructor > 1')).toMatchObject({ came: '"constructor"' })
  })

  it('refuses what is too long or too deep before it reaches the engine', () => {
    expect(problemOf(`${'('.repeat(50)}recency`)).toMatchObject({ came: 'more than 40 levels' })
    expect(problemOf(`recency < 1${' + 1'.repeat(300)}`)).toMatchObject({ came: 'more than 500 words and signs' })
  })

  it.each([
    ["recency <= 30 and country in ('DE', 'AT')", 'recency at most 30 days and country one of DE, AT'],
    ['1 > recency', 'recency below 1 day'],
    ['"categoryShares:home & garden" > 0.125', 'categoryShares:home & garden above 12.5 %'],
    ['monetary / frequency >= 1234.5', '(monetary divided by frequency) at least 1,234.5'],
    ["(recency < 5 or isMember) and not country = 'DE'", '(recency below 5 days or isMember) and not (country is DE)'],
    ['recency not between 10 and 20 or monetary is missing', 'recency not from 10 days to 20 days or monetary missing'],
    [
      "startsWith(country, 'D') or max(recency, monetary) != 3",
      'country starts with D or the largest of recency and monetary is not 3',
    ],
  ])('is told to people: %s', (text, words) => {
    expect(describeExpression(read(text), columns)).toBe(words)
  })
})
