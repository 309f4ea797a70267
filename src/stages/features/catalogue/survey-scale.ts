import { quoteText } from '../../../sql/sql-text.ts'
import { ConfigInvalid } from '../../../errors/config-invalid.ts'
import type { CatalogueEntry, FeatureRequest } from './entry.ts'
import { ownSettings } from './own-settings.ts'
import { filter, ratio, sinceStart } from './sql-text.ts'

/** Answers have four decimals at most: times this they are whole. */
const WHOLE = 10_000

/**
 * A scale of several questions (Likert): the mean of the latest answers, reversed ones turned around. Answers outside minimum to maximum,
 * and those that are no numbers, count as missing.
 *
 * Reliability is Cronbach's alpha (1951) over customers that answered every item: k ÷ (k − 1) × (1 − Σ item variances ÷ variance of the
 * sum), with sample variances, from exact sums.
 */
export const surveyScale: CatalogueEntry = {
  name: 'surveyScale',
  group: 'needs',
  meaning:
    'A scale of several questions: the mean of the latest answers, reversed items turned around. Its reliability (Cronbach’s alpha) is reported with the run.',
  unit: 'score',
  type: 'numeric',
  window: 'any',
  nullRule: 'Without an answer in the window to any item.',
  transform: 'none',
  needs: [{ role: 'survey', columns: [] }],
  settings: {
    items: ownSettings.items,
    reversed: ownSettings.reversed,
    minimum: ownSettings.minimum,
    maximum: ownSettings.maximum,
  },
  compile: (request) => {
    const { items, reversed, minimum, maximum } = checkedSettings(request)
    const nameOf = (index: number): string => `${request.prefix}item_${index}`
    const values = items.map((item, index) => {
      const answer = `try_cast(${nameOf(index)}[2] as decimal(18, 4))`
      const turned = reversed.includes(item) ? `cast(${minimum} + ${maximum} - ${answer} as decimal(18, 4))` : answer
      return `case when ${answer} between ${minimum} and ${maximum} then ${turned} end`
    })
    const total = values.map((value) => `coalesce(${value}, 0)`).join(' + ')
    const count = values.map((value) => `case when ${value} is null then 0 else 1 end`).join(' + ')
    const complete = filter(`(${count}) = ${items.length}`)
    const whole = (value: string): string => `cast((${value}) * ${WHOLE} as hugeint)`
    return {
      aggregations: [
        {
          of: 'survey',
          aggregates: Object.fromEntries(
            items.map((item, index) => [
              nameOf(index),
              `max(row(occurred_at, answer))${filter(`question = ${quoteText(item)}`, 'answer is not null', sinceStart(request))}`,
            ]),
          ),
        },
      ],
      values: { [request.column]: ratio(`(${total})`, `(${count})`) },
      sums: {
        respondents: `count(*)${complete}`,
        total: `sum(${whole(total)})${complete}`,
        total_squares: `sum(${whole(total)} * ${whole(total)})${complete}`,
        ...Object.fromEntries(values.map((value, index) => [`item_${index}`, `sum(${whole(value)})${complete}`])),
        ...Object.fromEntries(
          values.map((value, index) => [`squares_${index}`, `sum(${whole(value)} * ${whole(value)})${complete}`]),
        ),
      },
    }
  },
  diagnose: (sums): Readonly<Record<string, number>> => {
    const respondents = sums.respondents ?? 0
    const itemCount = Object.keys(sums).filter((name) => name.startsWith('item_')).length
    const variance = (sum: number, squares: number): number => squares - (sum * sum) / respondents
    const ofTotal = variance(sums.total ?? 0, sums.total_squares ?? 0)
    if (respondents < 2 || !(ofTotal > 0)) return { respondents }
    let ofItems = 0
    for (let index = 0; index < itemCount; index++)
      ofItems += variance(sums[`item_${index}`]!, sums[`squares_${index}`]!)
    return { respondents, cronbachAlpha: (itemCount / (itemCount - 1)) * (1 - ofItems / ofTotal) }
  },
}

function checkedSettings({ column, settings }: FeatureRequest) {
  const { items, reversed, minimum, maximum } = settings as {
    readonly items: readonly string[]
    readonly reversed: readonly string[]
    readonly minimum: number
    readonly maximum: number
  }
  const unknown = reversed.filter((item) => !items.includes(item))
  if (unknown.length > 0)
    throw new ConfigInvalid(
      `Feature ${column} reverses ${unknown.join(', ')}, which is not among its items ${items.join(', ')}.`,
      'Name the question under items too, or remove it from reversed.',
    )
  if (minimum >= maximum)
    throw new ConfigInvalid(
      `Feature ${column} has minimum ${minimum} and maximum ${maximum}.`,
      'Give the lowest and the highest answer of the scale: minimum: 1, maximum: 5.',
    )
  return { items, reversed, minimum, maximum }
}
