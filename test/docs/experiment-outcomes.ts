import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { TestProject } from '../e2e/project.ts'

/** Files that teams have of their experiments, as the guide names them: of the customers who were drawn, and one with arms of its own. */
export async function writeOutcomes(project: TestProject): Promise<void> {
  const members = await project.sql<{ customer_id: string }>(
    "select customer_id from experiment_assignments where experiment = 'spring-offer' order by customer_id",
  )
  const converted = members.filter((_, at) => at % 4 === 0).map(({ customer_id }) => `${customer_id},1`)
  project.write('outcomes.csv', ['customer_id,converted', ...converted].join('\n'))
  const players = Array.from({ length: 400 }, (_, id) =>
    [id, id % 2 === 0 ? 'gate_30' : 'gate_40', id % 50, id % 3 === 0, id % 7 === 0].join(','),
  )
  const games = ['userid,version,sum_gamerounds,retention_1,retention_7', ...players].join('\n')
  writeFileSync(join(project.folder, 'cookie_cats.csv.gz'), gzipSync(games))
}
