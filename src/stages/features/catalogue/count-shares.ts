import { quoteText } from '../../../sql/sql-text.ts'
import { levelColumn, OTHER } from './entry.ts'
import type { FeatureRequest, FeatureSql } from './entry.ts'
import { filter, ratio, sinceStart } from './sql-text.ts'

/** A composition: the share of the rows of a role that have each level of a column; rows without a value are left out. */
export function countShares(request: FeatureRequest, role: 'events' | 'tickets', by: 'event' | 'topic'): FeatureSql {
  const { prefix, column } = request
  const levels = request.levels(role, by)
  const total = `${prefix}all`
  const nameOf = (index: number): string => `${prefix}level_${index}`
  const rest = levels.map((_, index) => ` - ${nameOf(index)}`).join('')
  return {
    aggregations: [
      {
        of: role,
        aggregates: {
          [total]: `count(${by})${filter(sinceStart(request))}`,
          ...Object.fromEntries(
            levels.map((level, index) => [
              nameOf(index),
              `count(*)${filter(`${by} = ${quoteText(level)}`, sinceStart(request))}`,
            ]),
          ),
        },
      },
    ],
    values: {
      ...Object.fromEntries(levels.map((level, index) => [levelColumn(column, level), ratio(nameOf(index), total)])),
      [levelColumn(column, OTHER)]: ratio(`(${total}${rest})`, total),
    },
  }
}
