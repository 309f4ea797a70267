import { ApplicationFailure } from '@temporalio/activity'
import { describe, expect, it } from 'vitest'
import { toActivityFailure } from '../../src/activities/failures.ts'
import { ConfigInvalid } from '../../src/errors/config-invalid.ts'

describe('a failure on its way into a history', () => {
  it('leaves its cause behind, whose words may quote a row', () => {
    const cause = new Error("Conversion Error: Could not convert string 'jane@example.org' to INT32")
    const failure = toActivityFailure(new ConfigInvalid('The rule does not work.', 'Correct it.', { cause }))
    expect(failure).toMatchObject({ type: 'ConfigInvalid', nonRetryable: true, cause: undefined })
  })

  it('quotes no value when it comes from the engine as it is, and is tried again', () => {
    const error = new Error(
      "Conversion Error: Could not convert string 'jane@example.org' to INT32\n\nLINE 1: 'jane@example.org'",
    )
    expect(toActivityFailure(error)).toMatchObject({
      message: 'Conversion Error: Could not convert string … to INT32',
      nonRetryable: false,
    })
  })

  it('is told apart when the engine is out of memory: another attempt would end the same', () => {
    const failure = toActivityFailure(new Error('Out of Memory Error: failed to pin block (954.0 MiB/1.0 GiB used)'))
    expect(failure).toBeInstanceOf(ApplicationFailure)
    expect(failure).toMatchObject({ type: 'OutOfMemory', nonRetryable: true, details: [{ recovery: 'retry' }] })
  })

  it('stays what it is when nobody knows it: the world may mend itself', () => {
    const error = new Error('ENOSPC: no space left on device, write')
    expect(toActivityFailure(error)).toBe(error)
  })
})
