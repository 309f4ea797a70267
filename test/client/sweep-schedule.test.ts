import { expect, it } from 'vitest'
import { sweepSchedule } from '../../src/client/wanted-schedules.ts'
import { makeDefinition } from '../workflows/definition.ts'

it('sweeps each week in the zone of the pipeline, one at a time, under the id that the command joins', () => {
  const definition = makeDefinition({ zone: 'Europe/Berlin' })
  const retention = { orphans: 14, candidates: 90, dryRuns: 14, rejects: 30, effects: 365 }
  expect(sweepSchedule(definition, retention).options).toMatchObject({
    scheduleId: 'resegment-dev-shop.sweep',
    spec: { calendars: [{ dayOfWeek: 'SUNDAY', hour: 3 }], timezone: 'Europe/Berlin' },
    action: {
      workflowType: 'sweep',
      workflowId: 'dev/sweep/shop',
      taskQueue: 'resegment-dev-workflow',
      args: [{ definition, retention, dryRun: false }],
    },
    policies: { overlap: 'SKIP' },
  })
})
