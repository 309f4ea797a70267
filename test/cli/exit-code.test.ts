import { describe, expect, it } from 'vitest'
import { exitCodeOfError, exitCodeOfRun } from '../../src/cli/exit-code.ts'
import { failureDocument, failureText } from '../../src/cli/failure-text.ts'
import { ConfigInvalid } from '../../src/errors/config-invalid.ts'
import { ConnectionFailed } from '../../src/errors/connection-failed.ts'
import { WrongUsage } from '../../src/errors/wrong-usage.ts'
import { runStates } from '../../src/run/run-status.ts'

describe('an exit code', () => {
  it('tells done, failed and held runs apart', () => {
    expect(Object.fromEntries(runStates.map((state) => [state, exitCodeOfRun(state)]))).toEqual({
      running: 1,
      published: 0,
      held: 3,
      rejected: 1,
      failed: 1,
      cancelled: 1,
      superseded: 0,
      rolled_back: 1,
      dry_run: 0,
    })
    expect(exitCodeOfRun('superseded', 'shop@2027-01-01~1')).toBe(1)
  })

  it('tells wrong usage and wrong definitions from failures', () => {
    expect(exitCodeOfError(new ConfigInvalid('a', 'b'))).toBe(2)
    expect(exitCodeOfError(new WrongUsage('a', 'b'))).toBe(2)
    expect(exitCodeOfError(new ConnectionFailed('a', 'b'))).toBe(1)
    expect(exitCodeOfError(new Error('a'))).toBe(1)
  })
})

describe('a failure', () => {
  it('of ours is its type, what happened, and the remedy', () => {
    const error = new ConnectionFailed('Postgres at db:5432 cannot be reached.', 'See that it runs.')
    expect(failureText(error, false)).toEqual([
      'ConnectionFailed: Postgres at db:5432 cannot be reached.',
      'See that it runs.',
    ])
    expect(failureDocument(error)).toEqual({
      error: {
        type: 'ConnectionFailed',
        what: 'Postgres at db:5432 cannot be reached.',
        remedy: 'See that it runs.',
        recovery: 'retry',
      },
    })
  })

  it('that is none of ours says how to see where it comes from', () => {
    expect(failureText(new RangeError('odd'), false)).toEqual([
      'RangeError: odd',
      'RESEGMENT_LOG_LEVEL=debug shows where this comes from.',
    ])
    expect(failureText(new RangeError('odd', { cause: new Error('deep') }), true).join('\n')).toMatch(
      /^RangeError: odd\nRangeError: odd\n {4}at [\s\S]*\nCaused by Error: deep\n {4}at /,
    )
  })
})
