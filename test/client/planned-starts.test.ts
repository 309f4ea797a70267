import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Scene } from '../workflows/scene.ts'
import { runSchedule } from '../../src/client/wanted-schedules.ts'
import { scheduledKinds, startsUntil } from '../../src/plan/planned-starts.ts'
import type { Schedule } from '../../src/plan/schedule.ts'
import { makeDefinition } from '../workflows/definition.ts'
import { Deploying, scheduled } from './deploying.ts'

let scene: Scene
let deploying: Deploying
const deploy = (...[target, definitions, choices]: Parameters<Deploying['deploy']>) =>
  deploying.deploy(target, definitions, choices)
beforeAll(async () => {
  scene = await Scene.open()
  deploying = new Deploying(scene)
})
afterAll(() => deploying.close())

describe('the starts that we plan', () => {
  // Expected: what the server says that it would start, by its own calendar and its own time zones.
  it.each<[string, Partial<Schedule>, string, string]>([
    ['quarters', {}, '2026-01-01', '2029-12-31'],
    [
      'fiscal quarters in a zone with a midnight that clocks skip',
      { firstMonth: 2, at: '00:00', timezone: 'Africa/Cairo' },
      '2026-01-01',
      '2029-12-31',
    ],
    ['days at a time that clocks skip', { refit: 'week', score: 'day', at: '02:30' }, '2027-03-01', '2027-05-01'],
    [
      'days that begin at a time that clocks skip',
      { refit: 'month', score: 'day', at: '00:00', timezone: 'Asia/Beirut' },
      '2027-03-01',
      '2027-05-01',
    ],
    [
      'weeks beside months',
      { refit: 'month', score: 'week', timezone: 'America/St_Johns' },
      '2026-01-01',
      '2028-12-31',
    ],
    [
      'a cron expression',
      { refit: { cron: '15 3 2-3 */6 *' }, score: { cron: '15 3 * * mon,7' } },
      '2026-01-01',
      '2027-06-30',
    ],
    ['leap days', { refit: { cron: '0 0 29 feb *' }, timezone: 'UTC' }, '2026-01-01', '2040-12-31'],
  ])('are those of the server: %s', async (_name, schedule, from, until) => {
    const targetName = scene.newTarget()
    const definition = scheduled(makeDefinition({ targetName }), { timezone: 'Europe/Berlin', ...schedule })
    await deploy(targetName, [definition])
    for (const kind of scheduledKinds(definition.pipeline)) {
      const { startTime } = await scene.access.client.workflowService.listScheduleMatchingTimes({
        namespace: scene.access.namespace,
        scheduleId: runSchedule(definition, kind).options.scheduleId,
        startTime: { seconds: Date.parse(from) / 1000 } as never,
        endTime: { seconds: Date.parse(until) / 1000 } as never,
      })
      const planned = startsUntil(definition.pipeline, kind, `${from}T00:00:00Z`, { until: `${until}T00:00:00Z` })
      expect(planned.length).toBeGreaterThan(1)
      expect(planned.map(({ startsAt }) => Date.parse(startsAt) / 1000)).toEqual(
        startTime.map(({ seconds }) => Number(seconds)),
      )
    }
  })
})
