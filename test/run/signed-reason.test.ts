import { expect, it } from 'vitest'
import { readSigned, signReason } from '../../src/run/signed-reason.ts'

it('is read as it was signed', () => {
  expect(readSigned(signReason('ada@laptop', 'the right\nwas granted'))).toEqual({
    by: 'ada@laptop',
    reason: 'the right\nwas granted',
  })
})

it('says nothing of who gave a reason that is not signed', () => {
  expect(readSigned('fix [later]')).toEqual({ by: undefined, reason: 'fix [later]' })
  expect(readSigned('[] x')).toEqual({ by: undefined, reason: '[] x' })
})
