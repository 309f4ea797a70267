import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'
import { expectSteady, publishInARow } from './publishing-in-a-row.ts'

let target: FreshSchema

beforeAll(async () => {
  target = await openFreshSchema()
})
afterAll(() => target.close())

it('publishes again and again without mixing two publications, blocking a reader or keeping more than the data', async () => {
  const measured = await publishInARow(target, {
    publications: 20,
    customers: 300,
    readers: 10,
    seed: 7,
    isQuiet: false,
  })
  expect(measured.reads).toBeGreaterThan(0)
  expectSteady(measured)
})
