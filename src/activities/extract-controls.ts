import { join } from 'node:path'
import { SourceContradicts } from '../errors/source-contradicts.ts'
import { SourceUnreadable } from '../errors/source-unreadable.ts'
import type { RowDigest } from '../run/artifact.ts'
import * as tables from '../stages/extract/control-tables.ts'
import { decimalTypeOf } from '../stages/extract/fitted-rows.ts'
import { storedTypes } from '../stages/extract/fit-value.ts'
import type { Controls } from '../stages/extract/role-rows.ts'
import { roles, type ControlRole } from '../run/data-roles.ts'
import type { SuppressedHashes } from '../ports/suppression.ts'
import type { Extraction } from './extraction.ts'
import { loadSuppressed } from './load-suppressed.ts'
import type { CountedSource } from './extract-rows.ts'

/** What the control roles say, as tables of the session. */
export interface MadeControls extends Omit<Controls, 'convertInto'> {
  readonly hasRates: boolean
  /** Ids that stand for another one. */
  readonly merged: number
  /** Fingerprints of the tables. */
  readonly contents: Readonly<Record<string, RowDigest>>
}

/** Rows of every role that travels, and who of their customers is not to be segmented. */
export interface Suppression {
  readonly list: SuppressedHashes | undefined
  readonly rows: readonly string[]
}

/** Makes the control tables, identities first: the other roles speak of customers by any of their ids. */
export async function makeControls(
  extraction: Extraction,
  sources: ReadonlyMap<ControlRole, readonly CountedSource[]>,
  suppression: Suppression,
): Promise<MadeControls> {
  const { session, plan } = extraction
  const { purpose } = plan.definition.pipeline.extract
  const made: string[] = []
  const rowsOf = async (role: ControlRole): Promise<string | undefined> => {
    const ofRole = sources.get(role)
    return ofRole && controlRows(extraction, role, ofRole)
  }
  const make = async (table: string, query: string | undefined): Promise<boolean> => {
    if (query === undefined) return false
    await session.execute(`CREATE TEMP TABLE ${table} AS ${query}`)
    made.push(table)
    return true
  }
  const identities = await rowsOf('identities')
  const hasIdentities = await make(tables.IDENTITY, identities && tables.compileLinks(identities))
  const merged = hasIdentities ? await followLinks(extraction) : 0
  const exclusions = await rowsOf('exclusions')
  const hasExclusions = await make(tables.LEFT_OUT, exclusions && tables.compileLeftOut(exclusions, hasIdentities))
  const consent = await rowsOf('consent')
  const consented = consent && tables.compileConsented(consent, purpose, plan.asOf, hasIdentities)
  const hasConsent = await make(tables.CONSENTED, consented)
  const rates = await rowsOf('rates')
  const hasRates = await make(tables.RATES, rates && tables.compileRates(rates))
  if (hasRates) await refuseContestedRates(extraction)
  const contents: Record<string, RowDigest> = {}
  for (const table of made)
    contents[table] = (
      await session.writeParquet(
        `SELECT * FROM ${table}`,
        'ALL',
        join(extraction.attempt.scratchPath, `${table}.parquet`),
      )
    ).rows
  // No input of the run: the rows that count tell whom it left out.
  const hasSuppressed = suppression.list !== undefined
  if (suppression.list) {
    await loadSuppressed(session, suppression.list)
    const query = tables.compileSuppressed(suppression.rows, hasIdentities)
    await session.execute(`CREATE TEMP TABLE ${tables.SUPPRESSED} AS ${query}`)
  }
  return { hasIdentities, hasExclusions, hasConsent, hasSuppressed, hasRates, merged, contents }
}

/** A value that does not fit would silently let somebody in, or out. */
async function controlRows(
  extraction: Extraction,
  role: ControlRole,
  sources: readonly CountedSource[],
): Promise<string> {
  const columns = Object.entries(roles[role].columns).map(([name, target]) => ({
    name,
    type: target === 'decimal' ? decimalTypeOf(role, name) : storedTypes[target],
  }))
  const rows = tables.compileControlRows(sources, columns)
  const { misfits, example } = await extraction.row(tables.compileMisfits(rows))
  if (Number(misfits) === 0) return rows
  const names = sources.map(({ sourceName }) => sourceName).join(', ')
  throw new SourceUnreadable(
    `${Number(misfits)} rows of source ${names} have values that do not fit, in column ${String(example)} among others, and ${role} decide who or what counts.`,
    'Correct the rows, or map the column with an expression that gives NULL or the right type for each of them.',
  )
}

/** @returns how many ids stand for another one */
async function followLinks({ session, ...extraction }: Extraction): Promise<number> {
  const row = async (sql: string) => (await session.rows(sql))[0]!
  const contested = Number((await row(tables.CONTESTED_LINKS)).contested)
  const { sources, pipeline } = extraction.plan.definition
  const names = [pipeline.extract.identities ?? []].flat().filter((name) => name in sources)
  if (contested > 0)
    throw new SourceContradicts(
      `${contested} ids of identities (source ${names.join(', ')}) are said to be several customers.`,
      'Find them with: select other_id from … group by other_id having count(distinct customer_id) > 1. Keep one row each, or add recordedAt and key: [other_id] so that the last one counts.',
    )
  let { links, open } = (await row(tables.OPEN_LINKS)) as { links: number; open: number }
  for (let jump = tables.jumpsFor(Number(links)); open > 0 && jump > 0; jump--) {
    await session.execute(`CREATE TEMP TABLE jumped AS ${tables.JUMPED_LINKS}`)
    await session.execute(`DROP TABLE ${tables.IDENTITY}`)
    await session.execute(`ALTER TABLE jumped RENAME TO ${tables.IDENTITY}`)
    ;({ links, open } = (await row(tables.OPEN_LINKS)) as { links: number; open: number })
  }
  if (Number(open) > 0)
    throw new SourceContradicts(
      `${Number(open)} ids of identities (source ${names.join(', ')}) lead in a circle: each stands for another one, and none is the customer.`,
      `Find the circles, with the links as table links(other_id, customer_id): ${tables.FIND_CIRCLES}. Remove one link of each.`,
    )
  return Number(links)
}

async function refuseContestedRates(extraction: Extraction): Promise<void> {
  const { contested, example } = await extraction.row(tables.CONTESTED_RATES)
  if (Number(contested) === 0) return
  throw new SourceContradicts(
    `There are different rates of the same instant for ${Number(contested)} pairs of currency and instant, such as ${String(example)}.`,
    'Keep one rate for each currency and instant, or add recordedAt and key: [currency, occurred_at] so that the last one counts.',
  )
}
