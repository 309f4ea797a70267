import { join } from 'node:path'
import type { ComputeSession, WrittenRows } from '../ports/compute-engine.ts'
import { readCounts } from '../stages/cleanse/cleanse-counts.ts'
import type { RoleCounts } from '../stages/cleanse/cleanse-counts.ts'
import type { CompiledCleanse, OrderedQuery } from '../stages/cleanse/compile-cleanse.ts'
import { explainCondition } from '../stages/cleanse/condition-refused.ts'
import { assertReconciled } from '../stages/cleanse/judge-counts.ts'
import { matchReturns } from '../stages/cleanse/match-returns.ts'
import type { CompiledNetting } from '../stages/cleanse/net-returns.ts'
import { NETTED } from '../stages/cleanse/net-returns.ts'
import type { RawColumn } from '../stages/cleanse/raw-columns.ts'
import type { CarriedRole } from '../run/data-roles.ts'
import { quoteText } from '../sql/sql-text.ts'

/** A role of a shard as it was written, with what was counted on the way. */
export interface CleansedRole {
  readonly clean: WrittenRows
  readonly rejects: WrittenRows
  readonly counts: RoleCounts
  /** Customers with a row that is no return. */
  readonly buyers: number
}

/** Judges the rows of a role, writes clean rows and rejects, and adds to table `fixes`. Leaves table `judged` behind. */
export async function cleanseRole(
  session: ComputeSession,
  compiled: CompiledCleanse,
  {
    columns,
    rowCount,
    where,
    scratchPath,
  }: { columns: readonly RawColumn[]; rowCount: number; where: string; scratchPath: string },
): Promise<CleansedRole> {
  await judge(session, compiled, columns)
  if (compiled.netting) await prepareNetting(session, compiled.netting)
  const write = ({ query, orderBy, omitted }: OrderedQuery, name: string): Promise<WrittenRows> =>
    session.writeParquet(query, orderBy, join(scratchPath, `${compiled.role}-${name}.parquet`), omitted)
  const clean = await write(compiled.clean, 'clean')
  const rejects = await write(compiled.rejects, 'rejects')
  if (compiled.fixes.length > 0) await session.execute(`insert into fixes ${compiled.fixes.join('\nunion all\n')}`)
  const [found] = await session.rows(customersQuery(compiled.role, quoteText(clean.localPath)))
  const counts = readCounts(compiled, {
    counts: await session.rows(compiled.counts),
    reasons: await session.rows(compiled.reasons),
    netted: compiled.netting ? await session.rows(compiled.netting.counts) : [],
    customers: Number(found!.customers),
  })
  assertReconciled(counts, rowCount, where)
  // What counts is what is in the files.
  assertReconciled({ ...counts, rowsOut: clean.rows.rowCount, rejected: rejects.rows.rowCount }, rowCount, where)
  return { clean, rejects, counts, buyers: Number(found!.buyers) }
}

function customersQuery(role: CarriedRole, file: string): string {
  const bought = role === 'transactions' ? 'bool_or(not is_return)' : 'true'
  return `select count(*) as customers, count(*) filter (where bought) as buyers
    from (select customer_id, ${bought} as bought from read_parquet(${file}) where customer_id is not null group by customer_id)`
}

/** Makes table `judged`; the rules' own SQL is tried one by one first, so that a message can name the rule. */
export async function judge(
  session: ComputeSession,
  { rules, judged, raw }: CompiledCleanse,
  columns: readonly RawColumn[],
): Promise<void> {
  const own = rules.flatMap(({ name, ownCondition }) => (ownCondition ? [{ name, ownCondition }] : []))
  for (const { name, ownCondition } of own) await tryCondition(session, name, ownCondition, raw, columns)
  const names = own.map(({ name }) => name)
  await session.execute(`create or replace temp table judged as ${judged}`).catch((error: unknown) => {
    throw explainCondition(error, names, columns)
  })
}

/** @throws ConfigInvalid when the condition does not fit the columns */
export async function tryCondition(
  session: ComputeSession,
  ruleName: string,
  condition: string,
  raw: string,
  columns: readonly RawColumn[],
): Promise<void> {
  await session.rows(`select ${condition} from ${raw} limit 0`).catch((error: unknown) => {
    throw explainCondition(error, [ruleName], columns)
  })
}

/** Makes the tables that netting reads. */
export async function prepareNetting(session: ComputeSession, { lines, createMoved }: CompiledNetting): Promise<void> {
  const { columns } = await session.columns(lines)
  const place = columns.__line as Int32Array
  const { returns, purchases } = matchReturns({
    key: columns.key as Int32Array,
    isReturn: columns.is_return as Int32Array,
    quantity: columns.quantity as Float64Array,
    amount: columns.amount as Float64Array,
  })
  await session.execute(`drop table if exists ${NETTED}`)
  await session.createTable(NETTED, {
    rowCount: returns.length,
    columns: { __line: returns.map((line) => place[line]!), __purchase: purchases.map((line) => place[line]!) },
  })
  await session.execute(createMoved)
}
