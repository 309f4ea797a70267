import type { SourceSample } from '../ports/source-reader.ts'
import { quoteName } from '../sql/sql-text.ts'
import { shapeOf } from '../stages/extract/engine-failures.ts'
import { compileFitted, type SourceRows } from '../stages/extract/fitted-rows.ts'
import { readFaults, type DefinitionFault, type Misfit, type SourceLook } from '../stages/extract/source-look.ts'
import { plainDialect, dialectOf } from '../stages/extract/written-text.ts'
import { typesOf } from './extract-source.ts'
import type { LookRequest } from './look-request.ts'
import { faultOf, soundMapping, withTypesOf } from './sound-mapping.ts'

/** Number of a row in the sample; no column of a source has a colon in front. */
const ROW = ':row'
const SAMPLE = 'looked_at'

/** Which columns the mapping uses, what in it does not fit the source, and which values do not fit the mapping. */
export async function lookAtMapping(
  request: LookRequest,
  sample: SourceSample,
): Promise<Pick<SourceLook, 'columns' | 'faults' | 'misfits'>> {
  const { session, source, sourceName, roles } = request
  const { columns } = sample
  const names = Object.keys(columns)
  const texts = names.map((name, at): [string, readonly (string | null)[]] => [
    name,
    sample.rows.map((row) => row[at]!),
  ])
  await session.createTable(SAMPLE, {
    rowCount: sample.rows.length,
    columns: { ...Object.fromEntries(texts), [ROW]: Int32Array.from(sample.rows.keys()) },
  })
  const typed = names.map((name) =>
    ['VARCHAR', 'NUMERIC'].includes(columns[name]!)
      ? quoteName(name)
      : `TRY_CAST(${quoteName(name)} AS ${columns[name]}) AS ${quoteName(name)}`,
  )
  const sql = `(SELECT ${[...typed, quoteName(ROW)].join(', ')} FROM ${SAMPLE})`
  const relation = { sql, columns: { ...columns, [ROW]: 'INTEGER' } }
  const faults = new Map<string, DefinitionFault>()
  const usedBy = new Map<string, Set<string>>()
  /** Column → row of the sample → form of its value. */
  const misfits = new Map<string, Map<number, string>>()
  for (const role of roles) {
    const { mapping, expressions, found } = await soundMapping(request, role, names)
    for (const fault of found) faults.set(fault.key, fault)
    for (const { where, madeOf } of mapping.columns)
      for (const name of madeOf) usedBy.set(name, (usedBy.get(name) ?? new Set()).add(where.replace(/^columns\./, '')))
    const rows: SourceRows = {
      source: withTypesOf(source, names),
      relation,
      mapping,
      dialect: dialectOf(source) ?? plainDialect,
    }
    for (const column of mapping.columns)
      try {
        const only = withRow({ ...rows, mapping: { ...mapping, columns: [column], usedColumns: column.madeOf } })
        const types = await typesOf({ session }, only, expressions, names)
        const query = compileFitted(only, types)
        for (const row of await session.rows(
          `SELECT ${quoteName(ROW)} AS row, type_faults FROM (${query}) WHERE type_faults IS NOT NULL ORDER BY row`,
        ))
          for (const { column: name, value } of readFaults(String(row.type_faults))) {
            const at = Number(row.row)
            const known = misfits.get(name) ?? new Map<number, string>()
            misfits.set(name, known.set(at, shapeOf(value)))
          }
      } catch (error) {
        const fault = faultOf(error, sourceName, column.where)
        faults.set(fault.key, fault)
      }
  }
  return {
    columns: names.map((name) => ({ name, type: columns[name]!, usedBy: [...(usedBy.get(name) ?? [])] })),
    faults: [...faults.values()],
    misfits: [...misfits].map(([column, forms]) => misfitOf(column, forms, sample)),
  }
}

function misfitOf(column: string, forms: ReadonlyMap<number, string>, { files, lines }: SourceSample): Misfit {
  const first = Math.min(...forms.keys())
  const place = { file: files[first] ?? null, line: lines[first] ?? null }
  return { column, rows: forms.size, form: forms.get(first)!, ...place }
}

/** The mapping with the number of the row beside its column. */
function withRow(rows: SourceRows): SourceRows {
  const { mapping } = rows
  const row = { name: ROW, where: ROW, target: 'integer', sql: quoteName(ROW), column: null, madeOf: [ROW] } as const
  return {
    ...rows,
    mapping: { ...mapping, columns: [...mapping.columns, row], usedColumns: [...mapping.usedColumns, ROW] },
  }
}
