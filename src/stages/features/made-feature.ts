import { quoteName, quoteNames, quoteText } from '../../sql/sql-text.ts'
import { peerColumns } from './catalogue/entry.ts'
import type { FeatureSpec } from './config.ts'
import { historyNames } from './forecast-feature.ts'
import type { ForecastFigures } from './forecast-feature.ts'
import type { PeerBenchmarks } from './peer-gap.ts'
import { entryOf } from './resolve-features.ts'

export interface PeerFigures {
  readonly kind: 'peers'
  readonly peers: PeerBenchmarks
}

/** A feature whose values are made of columns and of figures over all customers. The figures are kept: with them later customers get theirs. */
export interface MadeFeature {
  /** Of the instance. */
  readonly name: string
  /** In the catalogue. */
  readonly feature: string
  readonly by: PeerFigures | ForecastFigures
}

export function isMade(spec: FeatureSpec): boolean {
  return entryOf(spec).madeBy !== undefined
}

/** Columns that such features are made of: the rows have them in their place until the figures are known. */
export function columnsToMake(specs: readonly FeatureSpec[]): readonly string[] {
  const names = specs.flatMap((spec) => {
    switch (entryOf(spec).madeBy) {
      case 'peers':
        return Object.values(peerColumns(spec.column))
      case 'forecast':
        return historyNames
      case undefined:
        return []
    }
  })
  return [...new Set(names)]
}

/** Instance → what people should know of how it was made. */
export function forecastNotesOf(made: readonly MadeFeature[]): Readonly<Record<string, string>> {
  const notes = made.flatMap(({ name, by }) =>
    by.kind === 'forecast' && by.note !== null ? [[name, by.note] as const] : [],
  )
  return Object.fromEntries(notes)
}

/** Some rows of a file, in its order. */
export function compilePiece(path: string, columns: readonly string[], from: number, to: number): string {
  return `
SELECT ${quoteNames(columns)}
FROM read_parquet(${quoteText(path)}, file_row_number = true)
WHERE file_row_number >= ${from} AND file_row_number < ${to}
ORDER BY file_row_number`
}

/** Table that made values are gathered in: `made_0`, `made_1`, … in the order of the features. */
export function compileCreateMade(featureCount: number): string {
  return `CREATE OR REPLACE TABLE made (made_row BIGINT${madeNames(featureCount)
    .map((name) => `, ${name} DOUBLE`)
    .join('')})`
}

/** Adds table `chunk`, which has their columns and `chunk_row`, and drops it. */
export function compileAddMade(featureCount: number, firstRow: number): readonly string[] {
  const values = madeNames(featureCount).map((name) => `CASE WHEN isnan(${name}) THEN NULL ELSE ${name} END`)
  return [`INSERT INTO made SELECT ${firstRow} + chunk_row, ${values.join(', ')} FROM chunk`, 'DROP TABLE chunk']
}

/** The rows of a file with what was made in place of what it was made of. */
export function compileWithMade(path: string, names: readonly string[], used: readonly string[]): string {
  const values = madeNames(names.length).map((made, index) => `m.${made} AS ${quoteName(names[index]!)}`)
  return `
SELECT f.* EXCLUDE (file_row_number, ${quoteNames(used)}), ${values.join(', ')}
FROM read_parquet(${quoteText(path)}, file_row_number = true) AS f
JOIN made AS m ON m.made_row = f.file_row_number`
}

export function madeNames(featureCount: number): readonly string[] {
  return Array.from({ length: featureCount }, (_, index) => `made_${index}`)
}
