import { expect, it } from 'vitest'
import { readEnvironment } from '../../src/config/environment.ts'
import { WrongUsage } from '../../src/errors/wrong-usage.ts'

it('a fault is refused wherever nothing is tested', () => {
  const RESEGMENT_FAULT = 'publishSegmentation:after-switch:kill'
  expect(() => readEnvironment({ RESEGMENT_FAULT, RESEGMENT_TEST: '' }).fault).toThrow(WrongUsage)
  expect(readEnvironment({ RESEGMENT_FAULT, RESEGMENT_TEST: '1' }).fault).toBe(RESEGMENT_FAULT)
  expect(readEnvironment({ RESEGMENT_FAULT: '' }).fault).toBeUndefined()
})
