import type { CatalogueEntry, FeatureRelation } from './catalogue/entry.ts'
import { sinceStart, sinceStartUs } from './catalogue/sql-text.ts'
import type { DataRole } from '../../run/data-roles.ts'
import type { FeatureSpec } from './config.ts'

const roleOf: Readonly<Record<FeatureRelation, DataRole>> = {
  orders: 'transactions',
  purchases: 'transactions',
  lines: 'transactions',
  customers: 'customers',
  events: 'events',
  sessions: 'events',
  survey: 'survey',
  tickets: 'tickets',
  touches: 'touches',
}

/** The instant by which a row belongs to a window; null: attributes have none. */
const instantOf: Readonly<Record<FeatureRelation, string | null>> = {
  orders: 'instant_us',
  purchases: 'instant_us',
  lines: 'occurred_at',
  customers: null,
  events: 'occurred_at',
  sessions: 'started_us',
  survey: 'occurred_at',
  tickets: 'occurred_at',
  touches: 'occurred_at',
}

/** An entry made of a pipeline's own aggregate. */
export function sqlEntry({ column, type, unit, transform, sql }: FeatureSpec): CatalogueEntry {
  const { expression, of } = sql!
  const instant = instantOf[of]
  return {
    name: column,
    group: 'value',
    meaning: `${expression} over ${of}.`,
    type,
    unit,
    transform,
    window: instant === null ? 'none' : 'any',
    nullRule: 'As the expression says; without rows in the window.',
    needs: [{ role: roleOf[of], columns: [] }],
    compile: (request) => {
      const inWindow =
        instant === null || request.windowStart === null
          ? null
          : instant.endsWith('_us')
            ? sinceStartUs(request, instant)
            : sinceStart(request, instant)
      return {
        // The line break ends a comment in the expression.
        aggregations: [
          {
            of,
            ...(inWindow === null ? {} : { where: inWindow }),
            aggregates: { [`${request.prefix}value`]: `(${expression}\n)` },
          },
        ],
        values: { [column]: `${request.prefix}value` },
      }
    },
  }
}
