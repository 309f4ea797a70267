import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { openScratch } from '../adapters/artifact-store/scratch.ts'
import type { Environment } from '../config/environment.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import type { AssignedCustomer } from '../experiment/assign-customers.ts'
import {
  layOutOutcomes,
  outcomeFile,
  outcomeQuery,
  type OutcomeColumns,
  type OutcomeLayout,
  repeatedQuery,
} from '../experiment/outcome-query.ts'
import { outcomesOfColumns } from '../experiment/outcomes-of-columns.ts'
import type { Outcomes } from '../experiment/outcomes.ts'
import type { ColumnTable, ComputeSession } from '../ports/compute-engine.ts'
import { makeServices } from './services.ts'

export const ASSIGNED = 'assigned'

export interface OutcomeRequest {
  readonly path: string
  readonly columns: OutcomeColumns
  readonly control: string
  /** Who is in which arm. Null: the file says. */
  readonly members: readonly AssignedCustomer[] | null
}

/** Reads what became of the customers of an experiment from a CSV, JSON or Parquet file. @throws WrongUsage */
export async function readOutcomes(environment: Environment, request: OutcomeRequest): Promise<Outcomes> {
  const path = resolve(request.path)
  if (!(await stat(path).catch(() => null))?.isFile())
    throw new WrongUsage(`There is no file ${request.path}.`, 'Name a CSV, JSON or Parquet file with --outcomes.')
  const scratch = await openScratch(join(environment.cacheFolder, 'scratch'), 'outcomes')
  const services = makeServices(environment)
  const session = await services.engine.open({ scratchPath: scratch.path, readablePaths: [dirname(path)] })
  try {
    const file = outcomeFile(path)
    const described = await session.rows(`DESCRIBE SELECT * FROM ${file}`)
    const columns = described.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }))
    const layout = layOutOutcomes(columns, request.columns)
    const { members } = request
    if (members === null && layout.arm === null)
      throw new WrongUsage(
        `The outcomes have no column ${request.columns.arm} that says who was in which arm.`,
        'Name it with --arm, or give the name of an experiment that `resegment experiment assign` drew.',
      )
    if (members !== null && layout.customer === null)
      throw new WrongUsage(
        `The outcomes have no column ${request.columns.customer} that says whose they are.`,
        'Name it with --customer.',
      )
    if (layout.customer !== null) {
      const [counts] = await session.rows(repeatedQuery(file, layout.customer))
      if (Number(counts!.rows) !== Number(counts!.customers))
        throw new WrongUsage(
          `The outcomes have ${Number(counts!.rows)} rows of ${Number(counts!.customers)} customers.`,
          'Give one row a customer: tests hold only for customers who are independent of one another.',
        )
    }
    if (members !== null) await createAssigned(session, members)
    return await outcomesOf(
      session,
      outcomeQuery(file, layout, members === null ? null : ASSIGNED),
      layout,
      request.control,
    )
  } finally {
    await session.close()
    await services.close()
    await scratch.close()
  }
}

/** Makes table `ASSIGNED` of the session. */
export function createAssigned(session: ComputeSession, members: readonly AssignedCustomer[]): Promise<void> {
  return session.createTable(ASSIGNED, {
    rowCount: members.length,
    columns: {
      customer_id: members.map(({ customerId }) => customerId),
      arm: members.map(({ arm }) => arm),
      segment: members.map(({ segmentName }) => segmentName),
    },
  })
}

/** @param query as `outcomeQuery` compiles it */
export async function outcomesOf(
  session: ComputeSession,
  query: string,
  { metrics }: Pick<OutcomeLayout, 'metrics'>,
  control: string,
): Promise<Outcomes> {
  const table = await session.columns(query)
  return outcomesOfColumns(
    {
      arm: textsOf(table, 'arm'),
      segment: textsOf(table, 'segment'),
      metrics: metrics.map(({ name, before }, at) => ({
        name,
        values: numbersOf(table, `m${at}`),
        before: before === null ? null : numbersOf(table, `b${at}`),
      })),
    },
    control,
  )
}

function textsOf({ columns }: ColumnTable, name: string): readonly (string | null)[] {
  return columns[name] as readonly (string | null)[]
}

function numbersOf({ columns }: ColumnTable, name: string): Float64Array {
  return columns[name] as Float64Array
}
