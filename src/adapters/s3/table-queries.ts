import { MOST_REASONS } from '../../run/reasons.ts'
import type { FileTableName } from '../../run/file-tables.ts'
import { joinValues } from '../../sql/feature-values.ts'
import { quoteText } from '../../sql/sql-text.ts'
import { RUN_TABLES } from './run-tables.ts'
import type { Publication, ShownFeatures } from '../../ports/destination.ts'

/** A part of a table, as a query that has its columns by name. */
interface TablePart {
  readonly table: FileTableName
  readonly query: string
}

/** Every part of every table that this run has. */
export function selectTable(publication: Publication): readonly TablePart[] {
  const { plan, rowFiles } = publication
  const run = `${quoteText(plan.pipeline)} AS pipeline, ${quoteText(plan.runKey)} AS run_key, ${plan.revision} AS revision,
      CAST(${quoteText(plan.asOf)} AS TIMESTAMPTZ) AS as_of, ${quoteText(plan.period)} AS period`
  const ofShards = (table: FileTableName, select: (rows: string) => string | undefined): TablePart[] =>
    rowFiles.flatMap((path) => {
      const query = select(`read_parquet(${quoteText(path)})`)
      return query === undefined ? [] : [{ table, query }]
    })
  return [
    ...ofShards(
      'memberships',
      (rows) =>
        `SELECT ${run}, m.*, s.name AS segment_name FROM ${rows} m JOIN ${RUN_TABLES.segments} s USING (segment_key)`,
    ),
    ...ofShards('further_memberships', (rows) => selectFurther(publication, rows, run)),
    ...ofShards('scores', (rows) => selectScores(publication, rows, run)),
    ...ofShards('reasons', (rows) => selectReasons(publication, rows, run)),
    ...ofShards('features', (rows) => selectFeatures(publication, rows, run)),
    ...(['segments', 'profiles', 'transitions', 'checks'] as const).map((table) => ({
      table,
      query: `SELECT ${run}, * FROM ${RUN_TABLES[table]}`,
    })),
  ]
}

function selectFurther({ validation }: Publication, rows: string, run: string): string | undefined {
  return union(
    validation.outputs.also.map(
      ({ layer }, i) =>
        `SELECT ${run}, customer_id, also_${i + 1} AS segment_key, ${quoteText(layer)} AS layer,
          also_since_${i + 1} AT TIME ZONE 'UTC' AS since FROM ${rows} WHERE also_${i + 1} IS NOT NULL`,
    ),
  )
}

function selectScores({ validation }: Publication, rows: string, run: string): string | undefined {
  return union(
    validation.outputs.scores.map(
      ({ name, unit }, i) =>
        `SELECT ${run}, customer_id, ${quoteText(name)} AS score, score_${i + 1} AS value, ${quoteText(unit)} AS unit
        FROM ${rows} WHERE score_${i + 1} IS NOT NULL`,
    ),
  )
}

function selectReasons({ validation }: Publication, rows: string, run: string): string | undefined {
  const { reasons } = validation.outputs
  if (reasons.length === 0) return undefined
  const labels = `[${reasons.map(quoteText).join(', ')}]`
  return union(
    Array.from({ length: MOST_REASONS }, (_, i) => i + 1).map(
      (n) =>
        `SELECT ${run}, customer_id, ${n} AS position, ${labels}[reason_${n} + 1] AS reason,
          CASE WHEN pull_${n} < 0 THEN 'low' ELSE 'high' END AS direction, abs(pull_${n}) AS size
        FROM ${rows} WHERE reason_${n} IS NOT NULL`,
    ),
  )
}

/** One pass over the files: there may be dozens of features. */
function selectFeatures({ features }: Publication, rows: string, run: string): string | undefined {
  if (!features) return undefined
  const list = (elementOf: (column: ShownFeatures['columns'][number], n: number) => string): string =>
    `unnest([${features.columns.map((column, index) => elementOf(column, index + 1)).join(', ')}])`
  return `SELECT ${run}, customer_id, ${list(({ name }) => quoteText(name))} AS feature,
      ${list(({ isText }, n) => (isText ? 'CAST(NULL AS DOUBLE)' : `feature_${n}`))} AS value,
      ${list(({ isText }, n) => (isText ? `feature_${n}` : 'CAST(NULL AS VARCHAR)'))} AS text_value
    FROM ${joinValues(rows, features)}`
}

function union(queries: readonly string[]): string | undefined {
  return queries.length === 0 ? undefined : queries.join(' UNION ALL ')
}
