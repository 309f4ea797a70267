import { quoteName, quoteText } from '../../../sql/sql-text.ts'
import { ConfigInvalid } from '../../../errors/config-invalid.ts'
import type { FeatureRequest, FeatureSql } from './entry.ts'
import { DAY_US, epochUs } from './sql-text.ts'

const NUMBERS = /^(DECIMAL|TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|DOUBLE|FLOAT)/

/** A column of customers as a category. @throws ConfigInvalid when no source of customers maps it */
export function attributeOf(request: FeatureRequest, column: string): FeatureSql {
  typeOf(request, column)
  return {
    aggregations: [{ of: 'customers', aggregates: { [`${request.prefix}value`]: `max(${quoteName(column)})` } }],
    values: { [request.column]: `${request.prefix}value` },
  }
}

/** A column of customers as a number. @throws ConfigInvalid when no source maps it, or it holds no numbers */
export function numberOf(request: FeatureRequest, column: string): FeatureSql {
  const type = typeOf(request, column)
  if (!NUMBERS.test(type))
    throw new ConfigInvalid(
      `Feature ${request.column} needs numbers, but column ${column} of customers is ${type}.`,
      `Map it with a type, \`${column}: { column: …, type: decimal }\`, or use \`attribute\` for a category.`,
    )
  return attributeOf(request, column)
}

/**
 * Years before the as-of: completed calendar years for a date, in the zone of the pipeline, and years of 365.25 days for an instant.
 * What lies at or after the as-of has no value.
 */
export function yearsSince(request: FeatureRequest, column: 'birth_date' | 'founded_on' | 'registered_at'): FeatureSql {
  const value = `${request.prefix}since`
  // The as-of is the first instant that is not over yet: the day it closes is the one before.
  const lastDay = `cast((make_timestamp(${epochUs(request.asOf)} - 1) at time zone 'UTC') at time zone ${quoteText(request.timezone)} as date)`
  const isInstant = typeOf(request, column) === 'TIMESTAMP'
  return {
    aggregations: [{ of: 'customers', aggregates: { [value]: `max(${column})` } }],
    values: {
      [request.column]: isInstant
        ? `cast(${epochUs(request.asOf)} - epoch_us(${value}) as double) / ${DAY_US} / 365.25e0`
        : `date_sub('year', ${value}, ${lastDay})`,
    },
  }
}

function typeOf({ column: feature, columnsOf }: FeatureRequest, column: string): string {
  const columns = columnsOf('customers')
  const type = columns[column]
  if (type !== undefined) return type
  throw new ConfigInvalid(
    `Feature ${feature} needs column ${column} of customers, but there is ${Object.keys(columns).join(', ')}.`,
    `Map ${column} in a source of extract.customers, or correct the feature.`,
  )
}
