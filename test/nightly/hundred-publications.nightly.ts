import { afterAll, beforeAll, it } from 'vitest'
import { openFreshSchema, type FreshSchema } from '../adapters/warehouse/fresh-schema.ts'
import { expectSteady, publishInARow } from '../adapters/warehouse/publishing-in-a-row.ts'
import { nightSeed } from './seed.ts'

let target: FreshSchema

beforeAll(async () => {
  target = await openFreshSchema()
})
afterAll(() => target.close())

it('publishes a hundred times without mixing two publications, blocking a reader or keeping more than the data', async () => {
  const seed = nightSeed()
  const measured = await publishInARow(target, {
    publications: 100,
    customers: 2_000,
    readers: 10,
    seed,
    isQuiet: true,
  })
  const { publishMs, reads, longestReadMs, partitions, sizes } = measured
  const [first, last] = [publishMs.slice(0, 10), publishMs.slice(-10)].map((some) => some.toSorted((a, b) => a - b)[5])
  console.log({ reads, longestReadMs, partitions, firstMs: first, lastMs: last, sizes })
  expectSteady(measured)
})
