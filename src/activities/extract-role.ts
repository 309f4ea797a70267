import { ConfigInvalid } from '../errors/config-invalid.ts'
import { SourceContradicts } from '../errors/source-contradicts.ts'
import { CURRENCY, shapeRole, type RoleShape } from '../stages/extract/role-shape.ts'
import {
  canLeaveOut,
  compileArtifactRows,
  compileCurrencies,
  compileLeftOutCustomers,
  compileMissingRates,
  compileRoleCounts,
  compileRoleRows,
} from '../stages/extract/role-rows.ts'
import type { CarriedRole } from '../run/data-roles.ts'
import type { Extraction } from './extraction.ts'
import type { MadeControls } from './extract-controls.ts'
import type { CountedSource } from './extract-rows.ts'

/** The rows of a role that travels, ready to be written. */
export interface PreparedRole {
  readonly role: CarriedRole
  /** SQL of the rows of the artifact. */
  readonly query: string
  readonly orderBy: string
  readonly rowCount: number
  /** Rows among them without a readable instant, in a role whose rows have one. */
  readonly undated: number
  /** The first instant of all rows read, before or after the as-of. */
  readonly firstAt: string | null
  /** Rows left out with their customers, by source. */
  readonly leftOut: ReadonlyMap<string, number>
  /** Query of customers left out with their reasons; undefined when nobody can be. */
  readonly leftOutCustomers: string | undefined
  /** Of its money; undefined when it has none or nobody says. */
  readonly currency: string | undefined
}

/** Unites the sources of a role, resolves ids, converts money, leaves customers out. */
export async function prepareRole(
  extraction: Extraction,
  role: CarriedRole,
  counted: readonly CountedSource[],
  controls: MadeControls,
): Promise<PreparedRole> {
  const { definition } = extraction.plan
  const { currency: into } = definition.pipeline.extract
  // A source that says nothing about currencies is taken for one of the pipeline's.
  const sources = counted.map((source) =>
    source.currency === undefined && !source.columns.includes(CURRENCY) ? { ...source, currency: into } : source,
  )
  const shaped = sources.map(({ sourceName }) => ({ sourceName, source: definition.sources[sourceName]! }))
  const shape = shapeRole(role, shaped, definition.sources)
  const money = await decideMoney(extraction, role, shape, sources, into, controls.hasRates)
  const compiled = compileRoleRows(shape, sources, { ...controls, convertInto: money.convertInto })
  const rowsIn = sources.reduce((sum, { rowCount }) => sum + rowCount, 0)
  const names = sources.map(({ sourceName }) => sourceName).join(', ')
  const rows = compiled.isCostly
    ? await extraction.run(names, `Role ${role}`, () => extraction.keep(compiled.query, rowsIn))
    : `(${compiled.query})`
  const leftOut = new Map<string, number>()
  if (canLeaveOut(controls))
    for (const row of await extraction.session.rows(compileRoleCounts(rows)))
      leftOut.set(String(row.source_name), Number(row.left_out))
  if (money.convertInto !== null) await refuseMissingRates(extraction, rows, money.convertInto)
  return {
    role,
    ...compileArtifactRows(shape, rows),
    rowCount: rowsIn - [...leftOut.values()].reduce((sum, count) => sum + count, 0),
    undated: sources.reduce((sum, { undated }) => sum + undated, 0),
    firstAt: sources.flatMap(({ firstAt }) => (firstAt === null ? [] : [firstAt])).sort()[0] ?? null,
    leftOut,
    leftOutCustomers: canLeaveOut(controls) ? compileLeftOutCustomers(rows) : undefined,
    currency: money.currency,
  }
}

/** Looks at the currencies of a role's money. @throws SourceContradicts when they cannot be made one */
async function decideMoney(
  extraction: Extraction,
  role: CarriedRole,
  shape: RoleShape,
  sources: readonly CountedSource[],
  into: string | undefined,
  hasRates: boolean,
): Promise<{ readonly currency: string | undefined; readonly convertInto: string | null }> {
  const speaking = sources.filter(({ columns, currency }) => columns.includes(CURRENCY) || currency !== undefined)
  if (shape.money.length === 0 || speaking.length === 0) return { currency: undefined, convertInto: null }
  const found = (await extraction.session.rows(compileCurrencies(shape, speaking))).map(
    ({ currency }) => currency as string | null,
  )
  const named = found.filter((currency) => currency !== null)
  const foreign = named.filter((currency) => currency !== (into ?? named[0]))
  const names = speaking.map(({ sourceName }) => sourceName).join(', ')
  if (found.includes(null) && named.length > 0)
    throw new SourceContradicts(
      `Some rows of ${role} (source ${names}) have no currency, and others have ${named.join(', ')}.`,
      `Say what such rows are in: set \`currency\` of the source, which counts for rows without one.`,
    )
  if (foreign.length === 0) return { currency: into ?? named[0], convertInto: null }
  if (into === undefined)
    throw new ConfigInvalid(
      `The money of ${role} (source ${names}) is in ${named.join(', ')}, and nothing says which of them the pipeline counts in.`,
      'Set extract.currency, and name a source of exchange rates as extract.rates.',
    )
  if (!hasRates)
    throw new SourceContradicts(
      `The money of ${role} (source ${names}) is in ${named.join(', ')}, the pipeline counts in ${into}, and there are no rates.`,
      'Name a source of exchange rates as extract.rates: currency, occurred_at, rate.',
    )
  return { currency: into, convertInto: into }
}

async function refuseMissingRates(extraction: Extraction, rows: string, into: string): Promise<void> {
  const missing = await extraction.session.rows(compileMissingRates(rows))
  if (missing.length === 0) return
  const list = missing.map(
    (row) => `${String(row.currency)} (${Number(row.rows)} rows, the first at ${String(row.first_at)} UTC)`,
  )
  throw new SourceContradicts(
    `Rows are older than the first rate into ${into} of their currency, or it has none: ${list.join(', ')}.`,
    'Add rates at or before these instants to the source of extract.rates.',
  )
}
