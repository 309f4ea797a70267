import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'

const FILE = '../shared/data/cdnow/CDNOW_sample.txt.gz'

export const haveCdnowLines = (): boolean => existsSync(FILE)

/** Makes table `transactions` of the 6,919 purchases of the 1/10 sample. */
export async function readCdnowLines(session: ComputeSession): Promise<void> {
  await session.execute(
    'create or replace table transactions (bucket integer, customer_id varchar, occurred_at timestamp, order_id varchar, amount decimal(18, 4), is_return boolean)',
  )
  const lines = gunzipSync(readFileSync(FILE)).toString().trim().split('\n')
  const values = lines.map((line, order) => {
    const [customer, , day, , amount] = line.trim().split(/ +/)
    return `(1, '${customer}', strptime('${day}', '%Y%m%d'), 'o${order}', ${amount}, false)`
  })
  await session.execute(`insert into transactions values ${values.join(', ')}`)
}
