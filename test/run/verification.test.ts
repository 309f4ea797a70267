import { describe, expect, it } from 'vitest'
import { exitCodeOfVerification } from '../../src/cli/exit-code.ts'
import { judgeVerification, verificationAnswers, type VerificationFindings } from '../../src/run/verification.ts'

const stage = (name: 'extract' | 'features', isEqual: boolean) =>
  ({ stage: name, how: 'computed again', isEqual, recorded: 'a'.repeat(64), found: 'b'.repeat(64) }) as const
const place = { place: 'warehouse', what: 'memberships', isEqual: false, finding: '1 customers are missing.' } as const
const version = { of: 'features', recorded: 'version 3', present: 'version 4' } as const
const nothing: VerificationFindings = {
  stages: [stage('extract', true)],
  places: [],
  versions: [],
  erased: 0,
  inputs: [],
}
const answerOf = (found: Partial<VerificationFindings>) => judgeVerification({ ...nothing, ...found })

describe('a verification', () => {
  it('is equal when nothing differs, also but for customers who were erased', () => {
    expect(answerOf({}).answer).toBe('equal')
    expect(answerOf({ erased: 2 })).toEqual({
      answer: 'equal_except_erased',
      reasons: ['Equal, except 2 customers who were erased since.'],
    })
  })

  it('names the first stage that gives something else', () => {
    expect(answerOf({ stages: [stage('extract', true), stage('features', false)] })).toEqual({
      answer: 'different',
      reasons: ['Stage features gives other content: bbbbbbbbbbbb, recorded aaaaaaaaaaaa.'],
    })
  })

  it('blames inputs before code, and code before anything else', () => {
    const stages = [stage('features', false)]
    expect(answerOf({ stages, versions: [version], inputs: ['Other rows.'] }).answer).toBe('inputs_changed')
    expect(answerOf({ stages, versions: [version] })).toMatchObject({
      answer: 'code_changed',
      reasons: [/features version 3, now version 4/, /^Stage features gives/].map(
        (text) => expect.stringMatching(text) as string,
      ),
    })
    expect(answerOf({ versions: [version] }).reasons[1]).toBe('The content is equal nevertheless.')
  })

  it('takes no other code for an excuse of tables that are not what was validated', () => {
    expect(answerOf({ places: [place], versions: [version] })).toEqual({
      answer: 'different',
      reasons: ['1 customers are missing.'],
    })
  })

  it('has an exit code of its own for each answer that is not equal', () => {
    expect(verificationAnswers.map(exitCodeOfVerification)).toEqual([0, 0, 4, 5, 6])
  })
})
