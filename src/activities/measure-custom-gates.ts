import type { ComputeSession } from '../ports/compute-engine.ts'
import { readParquet } from '../sql/sql-text.ts'
import {
  compileCustomGate,
  compileCustomViews,
  explainCustomGate,
  readCustomGate,
  type CustomGate,
} from '../stages/validate/gates/custom-gates.ts'

/**
 * Asks what gates of a pipeline's own want to know, of tables `resolved`, `population` and `live`.
 *
 * @throws ConfigInvalid naming the gate whose query is wrong
 */
export async function measureCustomGates(
  session: ComputeSession,
  gates: readonly CustomGate[],
  featureFiles: readonly string[],
): Promise<Readonly<Record<string, number | null>>> {
  if (gates.length === 0) return {}
  const columns = await session.rows(
    `SELECT column_name FROM (DESCRIBE SELECT * EXCLUDE (bucket, customer_id) FROM ${readParquet(featureFiles)})`,
  )
  const features = columns.map(({ column_name: name }) => String(name))
  for (const view of compileCustomViews(features)) await session.execute(view)
  const values: Record<string, number | null> = {}
  for (const gate of gates) values[gate.name] = await measure(session, gate, features)
  return values
}

async function measure(session: ComputeSession, gate: CustomGate, features: readonly string[]): Promise<number | null> {
  try {
    return readCustomGate(gate, await session.rows(compileCustomGate(gate)))
  } catch (error) {
    throw explainCustomGate(error, gate, features)
  }
}
