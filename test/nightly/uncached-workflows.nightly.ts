import { afterAll } from 'vitest'

/**
 * The tests of the workflows with workers that keep no workflow in memory: each task is a replay from the start, so that a run can go on
 * from any point on any worker.
 */
process.env['RESEGMENT_TEST_UNCACHED'] = '1'
afterAll(() => void delete process.env['RESEGMENT_TEST_UNCACHED'])

await import('../workflows/segment-customers.test.ts')
await import('../workflows/held-run.test.ts')
await import('../workflows/overtaken-run.test.ts')
await import('../workflows/failed-stage.test.ts')
await import('../workflows/edited-definition.test.ts')
await import('../workflows/notices.test.ts')
await import('../workflows/sync-destination.test.ts')
await import('../workflows/erase-customer.test.ts')
