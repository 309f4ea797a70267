import { ScheduleNotFoundError } from '@temporalio/client'
import { describe, expect, it } from 'vitest'
import { deployedDefinition, type Schedules } from '../../src/activities/deployed-definition.ts'
import { ConfigInvalid } from '../../src/errors/config-invalid.ts'
import { makeDefinition } from '../workflows/definition.ts'

const definition = makeDefinition({ targetName: 'dev' })

/** @param describes what Temporal answers when it is asked for the schedule of this id */
function schedules(describes: (scheduleId: string) => unknown): Schedules {
  return {
    getHandle: (scheduleId: string) => ({ describe: async () => describes(scheduleId) }),
  } as unknown as Schedules
}
const carrying = (...args: unknown[]): Schedules => schedules(() => ({ action: { args } }))

describe('the definition of the next revision', () => {
  it('is the one in the schedule of refits, of a score run too', async () => {
    const repaired = { ...definition, contact: 'somebody else' }
    const asked: string[] = []
    const found = schedules((scheduleId) => {
      asked.push(scheduleId)
      return { action: { args: [{ definition: repaired }] } }
    })
    expect(await deployedDefinition(found, { definition, options: { kind: 'score' } })).toEqual(repaired)
    expect(asked).toEqual([`resegment-dev-${definition.pipeline.pipeline}`])
  })

  it('is that of the input where the pipeline was never deployed', async () => {
    const none = schedules((scheduleId) => {
      throw new ScheduleNotFoundError('unknown', scheduleId)
    })
    expect(await deployedDefinition(none, { definition })).toBe(definition)
  })

  it('is not guessed while Temporal cannot be asked', async () => {
    const down = new Error('unavailable')
    const silent = schedules(() => {
      throw down
    })
    await expect(deployedDefinition(silent, { definition })).rejects.toBe(down)
  })

  it.each([
    ['nothing', []],
    ['no definition', [{}]],
    ['that of another target', [{ definition: makeDefinition({ targetName: 'other' }) }]],
  ])('is refused where somebody edited the schedule so that it carries %s', async (_what, args) => {
    await expect(deployedDefinition(carrying(...args), { definition })).rejects.toThrow(ConfigInvalid)
  })
})
