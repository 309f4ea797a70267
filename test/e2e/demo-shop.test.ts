import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { writeDemoShop } from '../../src/demo/write-demo-shop.ts'
import { adjustedRand } from '../../src/stats/adjusted-rand.ts'
import { readTruth } from '../demo/truth.ts'
import { TestProject } from './project.ts'
import { s3Of } from './published-content.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/**
 * scikit-learn 1.9.1, `KMeans(k, n_init=50, random_state=0)` on the same transformed features, over k = 3 … 8: the k with the best
 * silhouette, its inertia, and the adjusted Rand index of its labels against the planted groups.
 */
const SCIKIT_LEARN = {
  '2026-07-01': { segments: 5, inertia: 1023.7903, adjustedRand: 0.98522 },
  '2026-10-01': { segments: 6, inertia: 1136.0562, adjustedRand: 0.98992 },
}

describe('the demo shop', () => {
  it('comes out as its planted groups, as well as scikit-learn finds them, with the drift and the new group seen', async () => {
    const target = 'planted'
    const project = await TestProject.open(target, {
      'resegment.yaml': readFileSync(join(ROOT, 'resegment.yaml'), 'utf8')
        .replaceAll('.resegment/demo/', 'data/')
        .replace(
          'targets:\n',
          `targets:\n  ${target}: { schema: ${`segmentation_${target}`}, prefix: ${target}/, embedded: true }\n`,
        ),
      'pipelines/shop.yaml': readFileSync(join(ROOT, 'pipelines/shop.yaml'), 'utf8'),
    })
    try {
      const { truthPath } = await writeDemoShop({ folder: join(project.folder, 'data') })
      const truth = await readTruth(truthPath)
      expect((await project.cli(['migrate'])).code).toBe(0)
      await project.startWorker()
      for (const [asOf, expected] of Object.entries(SCIKIT_LEARN)) {
        const status = await project.run(['shop', '--as-of', asOf])
        const members = await project.sql<{ customer_id: string; segment_key: string }>(
          'select customer_id, segment_key from customer_segments order by customer_id',
        )
        const planted = members.map(({ customer_id }) => {
          const { group, groupAfterDrift } = truth.get(customer_id)!
          return asOf < '2026-10' ? group : groupAfterDrift
        })
        expect(status.segments).toHaveLength(expected.segments)
        const recovered = adjustedRand(numbered(members.map(({ segment_key }) => segment_key)), numbered(planted))
        expect(recovered).toBeGreaterThan(expected.adjustedRand - 0.005)
        const [{ inertia }] = (await project.sql<{ inertia: number }>(
          'select inertia from model_selection where run_key = $1 and chosen',
          [status.runKey],
        )) as [{ inertia: number }]
        expect(inertia / expected.inertia).toBeCloseTo(1, 3)
      }
      const reasons = await project.sql<{ move_reason: string; customers: number }>(
        "select move_reason, sum(customers)::int as customers from segment_transitions where run_key = 'shop@2026-10-01' and move_reason is not null group by 1",
      )
      const moved = Object.fromEntries(reasons.map(({ move_reason, customers }) => [move_reason, customers]))
      // Planted: 159 gift buyers who began in July, and 98 occasional customers who became regulars.
      expect(moved.new).toBe([...truth.values()].filter(({ group }) => group === '').length)
      const drifted = [...truth.values()].filter(
        ({ group, groupAfterDrift }) => group !== '' && group !== groupAfterDrift,
      )
      expect(moved.behaviour).toBeGreaterThan(drifted.length * 0.95)
      expect(moved.behaviour).toBeLessThan(drifted.length * 1.15)
      await expectReport(project)
      await expectIdsWhenAsked(project)
    } finally {
      await project.close()
    }
  })
})

/** The page beside the manifest is the one that it names, and the one that the command makes. */
async function expectReport(project: TestProject): Promise<void> {
  const client = s3Of(project)
  const get = async (Key: string): Promise<string> =>
    (await client.send(new GetObjectCommand({ Bucket: 'resegment', Key }))).Body!.transformToString()
  const { manifest } = JSON.parse(await get(`${project.target}/shop/latest.json`)) as { manifest: string }
  const { files } = JSON.parse(await get(manifest)) as { files: { path: string; sha256: string }[] }
  const published = files.find(({ path }) => path.startsWith('report-'))!
  const page = await get(`${dirname(manifest)}/${published.path}`)
  client.destroy()
  expect(createHash('sha256').update(page).digest('hex')).toBe(published.sha256)
  const file = join(project.folder, 'report.html')
  const { code, stderr } = await project.cli(['report', 'shop', '--output', file])
  expect(code, stderr).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(page)
  // What was planted is what was found.
  expect(page).toContain('Nothing in the data calls for other segments.')
  // Ids of the demo shop are of this form.
  expect(page).not.toMatch(/K\d{6}/)
}

/** What is published names nobody; whoever asks gets the five of each segment with the least distance, and is told what that is. */
async function expectIdsWhenAsked(project: TestProject): Promise<void> {
  const ask = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await project.cli(['report', ...args, '--ids'])
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('names customers by their ids, which is personal data')
    return stdout
  }
  const rows = await project.sql<{ segment_key: string; customer_id: string; distance: number }>(
    'select segment_key, customer_id, distance from customer_segments',
  )
  const { nearest } = JSON.parse(await ask('shop', '--format', 'json')) as {
    nearest: { segments: { segmentKey: string; customerIds: string[] }[] }
  }
  expect(nearest.segments).toHaveLength(6)
  for (const { segmentKey, customerIds } of nearest.segments) {
    const members = rows.filter(({ segment_key }) => segment_key === segmentKey)
    const sorted = members.sort((a, b) => a.distance - b.distance || (a.customer_id < b.customer_id ? -1 : 1))
    expect(customerIds).toEqual(sorted.slice(0, 5).map(({ customer_id }) => customer_id))
  }
  const markdown = await ask('shop', '--format', 'markdown')
  for (const { customerIds } of nearest.segments)
    expect(markdown).toContain(`### Customers nearest its middle\n\n${customerIds.join(', ')}`)
  expect(await ask('shop')).toContain(nearest.segments[0]!.customerIds[0])
  const earlier = await ask('shop@2026-07-01', '--format', 'markdown')
  expect(earlier).toContain('No ids: distances of customers are kept only of the run that is live.')
  expect(earlier).not.toMatch(/K\d{6}/)
  expect((await project.cli(['report', '--ids'])).stderr).toContain('The index of all pipelines names no customers.')
}

/** Texts as label numbers, in order of appearance. */
function numbered(texts: readonly string[]): Int32Array {
  const known = [...new Set(texts)]
  return Int32Array.from(texts, (text) => known.indexOf(text))
}
