import { gunzipSync, gzipSync } from 'node:zlib'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { publishedContent } from './published-content.ts'
import { openShop, type ShopOptions } from './shop.ts'
import type { TestProject } from './project.ts'

interface Variant {
  readonly target: string
  readonly options?: ShopOptions
  readonly variables: Readonly<Record<string, string>>
  readonly prepare?: (project: TestProject) => void
}

const PLAIN: Variant = { target: 'same1', variables: { RESEGMENT_THREADS: '1' } }
const OTHERWISE: Variant = {
  target: 'same2',
  options: { pipeline: { extract: '{ transactions: order_lines, shards: 3 }' } },
  variables: { RESEGMENT_THREADS: '2' },
  prepare: shuffleRows,
}

describe('the same pipeline over the same rows', () => {
  it('publishes the same content with 1 thread, and with 2 threads, 3 shards and shuffled rows', async () => {
    expect(await contentOf(OTHERWISE)).toEqual(await contentOf(PLAIN))
  })
})

async function contentOf({ target, options, variables, prepare }: Variant): Promise<unknown> {
  const project = await openShop(target, options)
  try {
    prepare?.(project)
    await project.startWorker(variables)
    await project.run(['shop', '--as-of', '2026-07-01'])
    await project.run(['shop', '--as-of', '2026-10-01'])
    // Membership files are cut by shard; the tables are what must be equal.
    const { views } = await publishedContent(project)
    return views
  } finally {
    await project.close()
  }
}

/** Reverses every second block of seven lines and swaps halves: a fixed order unlike the original. */
function shuffleRows(project: TestProject): void {
  const file = join(project.folder, 'data/order_lines.csv.gz')
  const [header, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n')
  const shuffled = lines
    .map((line, index) => ({ line, rank: (index * 7919) % 104_729 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ line }) => line)
  writeFileSync(file, gzipSync([header, ...shuffled, ''].join('\n')))
}
