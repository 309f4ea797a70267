import { readFile } from 'node:fs/promises'

export interface TrueGroup {
  /** At 2026-07-01; empty for customers who had not ordered yet. */
  readonly group: string
  /** At 2026-10-01. */
  readonly groupAfterDrift: string
}

/** Which group each customer of the demo shop belongs to. For tests only: no pipeline reads it. */
export async function readTruth(truthPath: string): Promise<ReadonlyMap<string, TrueGroup>> {
  const [, ...lines] = (await readFile(truthPath, 'utf8')).trimEnd().split('\n')
  return new Map(
    lines.map((line) => {
      const [customerId = '', group = '', groupAfterDrift = ''] = line.split(',')
      return [customerId, { group, groupAfterDrift }]
    }),
  )
}
