import pg from 'pg'
import type { TestProject } from './project.ts'

/** Holds a lock as somebody else in the warehouse would, so that nothing can be published. @returns lets it go */
export async function lockMemberships(project: TestProject): Promise<() => Promise<void>> {
  const locker = new pg.Client({ connectionString: project.variables.WAREHOUSE_URL, application_name: 'locker' })
  await locker.connect()
  await locker.query(`begin; lock table "${project.schema}".membership_open in share mode`)
  return () => locker.end()
}
