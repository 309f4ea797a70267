import { expect } from 'vitest'
import type { TestProject } from './project.ts'

/** Every customer of a pipeline is in one segment that is live, and in no other. */
export async function expectEverybodyOnce(project: TestProject, pipeline: string, customers: number): Promise<void> {
  const [members] = await project.sql(
    'select count(*)::int as members, count(distinct customer_id)::int as customers from customer_segments where pipeline = $1',
    [pipeline],
  )
  expect(members).toEqual({ members: customers, customers })
}
