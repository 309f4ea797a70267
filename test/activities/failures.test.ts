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

  // The engine's words as DuckDB 1.5.6 has them on a disk of 8 MB; Node's by its code.
  it.each([
    ['writes a file', new Error('IO Error: Could not write file "/scratch/x.parquet": No space left on device')],
    [
      'spills',
      new Error(
        "Out of Memory Error: failed to offload data block of size 128.0 KiB (7.1 MiB/7.1 MiB used).\nThis limit was set by the 'max_temp_directory_size' setting.",
      ),
    ],
    ['fetches', Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })],
  ])('is tried again when the disk of the worker is full while it %s: somebody makes room', (_, error) => {
    expect(toActivityFailure(error)).toMatchObject({
      type: 'ScratchFull',
      nonRetryable: false,
      details: [{ what: `The disk of the worker is full: ${error.message.split('\n')[0]!}` }],
    })
  })

  // The engine's words as DuckDB 1.5.6 has them.
  it('is tried again when a copy is erased from under the hands of the engine', () => {
    const error = new Error(
      'IO Error: No files found that match the pattern "/cache/ab/ab01.parquet"\n\nLINE 1: from read_parquet(…)',
    )
    expect(toActivityFailure(error)).toMatchObject({
      type: 'CopyGone',
      nonRetryable: false,
      details: [{ what: '"/cache/ab/ab01.parquet" was removed from the worker\'s disk while it was read.' }],
    })
  })

  it('stays what it is when nobody knows it: the world may mend itself', () => {
    const error = new Error('EIO: i/o error, read')
    expect(toActivityFailure(error)).toBe(error)
  })

  it('is cut where it is longer than anybody reads, and than a server takes', () => {
    const failure = toActivityFailure(new RangeError('x'.repeat(5_000_000))) as ApplicationFailure
    expect(failure).toMatchObject({ type: 'RangeError', nonRetryable: false })
    expect(failure.message).toHaveLength(10_002)
  })

  it.each([undefined, null, 'no room', 7, Symbol('odd'), { message: 'not an error' }])(
    'may be anything that JavaScript lets throw: %s',
    (odd) => {
      expect(() => toActivityFailure(odd)).not.toThrow()
    },
  )
})
