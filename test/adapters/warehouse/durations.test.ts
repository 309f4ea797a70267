import { afterEach, beforeEach, expect, it } from 'vitest'
import type { StageCounts } from '../../../src/run/run-status.ts'
import { members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'
import { PastWorld } from './past-world.ts'

let target: FreshSchema
beforeEach(async () => {
  target = await openFreshSchema()
})
afterEach(() => target.close())

it('keeps how long the stages of each publication took, for the runs of the same kind that come after', async () => {
  const world = new PastWorld(target)
  for (const year of [2021, 2022, 2023, 2024]) {
    await world.publish(`${year}`, members('a shop-1'))
    const took: StageCounts = { stage: 'extract', rowsIn: 1, rowsOut: 1, rejected: 0, seconds: year - 2020 }
    await target.query(`update run set counts = '${JSON.stringify([took])}' where run_key = 'shop@${year}-01-01'`)
  }
  const unrecorded = { runKey: 'shop@2024-04-01', revision: 1 }
  expect((await target.ledger.earlierStages(unrecorded)).map(([one]) => one?.seconds)).toEqual([4, 3, 2, 1])
  expect(await target.ledger.earlierStages({ ...unrecorded, runKey: 'shop@2024-04-01.score' })).toEqual([])
  expect(await target.ledger.earlierStages({ ...unrecorded, runKey: 'other@2024-04-01' })).toEqual([])
  const newest = { runKey: 'shop@2024-01-01', revision: 1 }
  const secondsBefore = async (): Promise<readonly (number | undefined)[]> =>
    (await target.ledger.earlierStages(newest)).map(([one]) => one?.seconds)
  expect(await secondsBefore()).toEqual([3, 2, 1])
  await target.query(`update run set kind = 'score' where run_key = 'shop@2022-01-01'`)
  expect(await secondsBefore()).toEqual([3, 1])
  expect((await target.reader.describeRun(newest.runKey, 1))?.earlierStages.map(([one]) => one?.seconds)).toEqual([
    3, 1,
  ])
  expect(await target.ledger.earlierStages({ runKey: 'shop@2021-01-01', revision: 1 })).toEqual([])
})
