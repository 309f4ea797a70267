import { ConfigInvalid } from '../errors/config-invalid.ts'
import { SourceContradicts } from '../errors/source-contradicts.ts'
import { SourceUnreadable } from '../errors/source-unreadable.ts'
import type { SourceSummary } from '../stages/extract/extract-summary.ts'
import { compileSamples } from '../stages/extract/fitted-rows.ts'
import { compileGuess, readGuess } from '../stages/extract/guess-format.ts'
import { RECORDED_AT, VALID_FROM } from '../stages/extract/mapping.ts'
import type { RoleSource } from '../stages/extract/role-rows.ts'
import { roles, type SourceRole } from '../run/data-roles.ts'
import {
  compileLookupRows,
  compileRepeatedKeys,
  compileSourceCounts,
  compileSourceRows,
  isLastDayMissing,
  type Lookup,
} from '../stages/extract/source-rows.ts'
import type { Extraction } from './extraction.ts'
import type { ReadSource } from './extract-source.ts'

/** The rows of one source that count, and its figures. */
export interface CountedSource extends RoleSource {
  readonly summary: SourceSummary
  readonly rowCount: number
  /** Rows that count but have no readable instant. */
  readonly undated: number
  readonly firstAt: string | null
}

/** Joins lookups to a source's rows, decides which of them count, and counts. */
export async function countSource(
  extraction: Extraction,
  role: SourceRole,
  read: ReadSource,
  lookedUp: readonly ReadSource[],
  isLate: boolean,
): Promise<CountedSource> {
  const { source, mapping } = read.rows
  const { sourceName } = mapping
  const { asOf } = extraction.plan
  const lookups: Lookup[] = []
  for (const [index, { on, columns }] of source.lookups.entries())
    lookups.push({ on, columns, relation: await lookupRows(extraction, lookedUp[index]!, on, columns, sourceName) })
  const names = mapping.columns.map(({ name }) => name)
  const compiled = compileSourceRows({ fitted: read.fitted, columns: names, lookups, key: source.key ?? [], asOf })
  const rows = compiled.isCostly ? await extraction.keep(compiled.query, read.rowCount) : `(${compiled.query})`
  const figures = await extraction.row(compileSourceCounts(rows, compiled.columns, lookups.length, asOf))
  const figure = (name: string): number => Number(figures[name] ?? 0)
  const rowsBeforeAsOf = figure('rows_read') - figure('rows_after')
  if (figure('undated') > 0 && figure('undated') === figure('rows_read')) await refuseUndated(extraction, read)
  const [notYetRecorded, superseded, notValid] = [figure('not_yet_recorded'), figure('superseded'), figure('not_valid')]
  const hasInstant = 'occurred_at' in roles[role].columns
  return {
    sourceName,
    rows,
    columns: compiled.columns,
    currency: source.currency,
    rowCount: rowsBeforeAsOf - notYetRecorded - superseded - notValid,
    undated: figure('undated'),
    firstAt: typeof figures.first_at === 'string' ? figures.first_at : null,
    summary: {
      source: sourceName,
      role,
      rowsRead: figure('rows_read') + read.unreadable.count,
      rowsBeforeAsOf,
      unreadable: read.unreadable.count,
      notYetRecorded,
      superseded,
      notValid,
      excluded: 0,
      newest: typeof figures.newest === 'string' ? `${figures.newest.replace(' ', 'T')}Z` : null,
      lastDayMissing: hasInstant && isLastDayMissing(figure('rows_of_last_day'), figure('days_with_rows')),
      lookAhead: role === 'customers' && !names.includes(RECORDED_AT) && !names.includes(VALID_FROM),
      late: isLate,
      lookups: source.lookups.map((lookup, index) => ({
        source: lookup.source,
        unmatched: figure(`unmatched_${index}`),
      })),
    },
  }
}

async function lookupRows(
  extraction: Extraction,
  { fitted, rowCount, rows: { source, mapping } }: ReadSource,
  on: string,
  columns: readonly string[],
  forSource: string,
): Promise<string> {
  const names = mapping.columns.map(({ name }) => name)
  const missing = [on, ...columns].filter((name) => !names.includes(name))
  if (missing.length > 0)
    throw new ConfigInvalid(
      `Source ${forSource} looks ${missing.join(', ')} up in source ${mapping.sourceName}, which does not map ${missing.length === 1 ? 'it' : 'them'}.`,
      `Add ${missing.join(', ')} under sources.${mapping.sourceName}.columns.`,
    )
  const { query } = compileSourceRows({
    fitted,
    columns: names,
    lookups: [],
    key: source.key ?? [],
    asOf: extraction.plan.asOf,
    isLookup: true,
  })
  const relation = await extraction.keep(compileLookupRows(`(${query})`, { on, columns }), rowCount)
  const repeated = Number((await extraction.row(compileRepeatedKeys(relation, on))).repeated)
  if (repeated === 0) return relation
  throw new SourceContradicts(
    `Source ${mapping.sourceName} has several rows for ${repeated} values of ${on}, and source ${forSource} looks ${columns.join(', ')} up in it.`,
    `Keep one row for each ${on}: with a query, or with key: [${on}] and recordedAt under sources.${mapping.sourceName}.`,
  )
}

/** Not one instant could be read: the way they are written is wrong, not the rows. */
async function refuseUndated(extraction: Extraction, { rows, rowCount }: ReadSource): Promise<void> {
  const { mapping, source } = rows
  const mapped = mapping.columns.find(({ name }) => name === 'occurred_at')
  const shown = mapped && compileSamples(rows, mapped, 3)
  const samples = shown === undefined ? [] : (await extraction.session.rows(shown)).map((row) => String(row.sample))
  if (!mapped || samples.length === 0) return
  const guessed = readGuess(await extraction.row(compileGuess(compileSamples(rows, mapped, 1000)!)))
  const [known] = guessed
  const format = known ?? '…'
  const expression = `\`occurred_at: { sql: "try_strptime(\\"${mapped.madeOf[0]!}\\", '${format}')" }\``
  const isFile = [source.from].flat().some((place) => 'file' in place)
  const inFile = isFile ? `\`csv: { timestampFormat: '${format}' }\` beside the file, or ` : ''
  const words = known === undefined ? ", in the words of strptime such as '%d/%m/%Y %H:%M'," : ''
  const remedy = `Say how they are written${words || ':'} ${inFile}${expression}`
  const other = guessed[1] === undefined ? '' : ` (or '${guessed[1]}': they fit both)`
  throw new SourceUnreadable(
    `None of the ${rowCount} rows of source ${mapping.sourceName} has a readable occurred_at; there are ${samples.map((sample) => `'${sample}'`).join(', ')}.`,
    `${remedy}${other} under sources.${mapping.sourceName}.`,
  )
}
