import { expect } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { TestProject } from './project.ts'

/** Segment key → customers. */
export type Population = ReadonlyMap<string, number>

/** Of the segments that are live. */
export async function population(project: TestProject): Promise<Population> {
  const rows = await project.sql<{ segment_key: string; customers: number }>(
    'select segment_key, count(*)::int as customers from customer_segments group by segment_key',
  )
  return new Map(rows.map((row) => [row.segment_key, row.customers]))
}

/** Rows and columns of the transitions of a run are the populations before and after it. */
export async function expectTransitionsToSum(
  project: TestProject,
  pipeline: string,
  status: RunStatus,
  before: Population,
  after: Population,
): Promise<void> {
  const sums = async (side: string): Promise<Population> => {
    const rows = await project.sql<{ segment_key: string; customers: number }>(
      `select ${side} as segment_key, sum(customers)::int as customers from segment_transitions
       where pipeline = $1 and run_key = $2 and ${side} is not null group by ${side}`,
      [pipeline, status.runKey],
    )
    return new Map(rows.map((row) => [row.segment_key, row.customers]))
  }
  expect(sorted(await sums('from_segment_key'))).toEqual(sorted(before))
  expect(sorted(await sums('to_segment_key'))).toEqual(sorted(after))
}

function sorted(counts: Population): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}
