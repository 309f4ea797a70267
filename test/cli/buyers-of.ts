import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Who ordered in a month by the file of the demo shop, whose clock is that of the pipeline; counted without the product. */
export function buyersOf(file: string, month: string): ReadonlySet<string> {
  const [header, ...lines] = gunzipSync(readFileSync(file)).toString().trim().split('\n')
  const columns = header!.split(',')
  const buyers = new Set<string>()
  for (const line of lines) {
    const cells = line.split(',')
    const [customer, order, when] = ['customer_id', 'order_id', 'ordered_at'].map((name) =>
      cells[columns.indexOf(name)]!.trim(),
    )
    if (!order!.startsWith('C') && when!.startsWith(month)) buyers.add(customer!)
  }
  return buyers
}
