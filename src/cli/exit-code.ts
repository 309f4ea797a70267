import type { RunState } from '../run/run-status.ts'
import type { VerificationAnswer } from '../run/verification.ts'
import { ResegmentError } from '../errors/resegment-error.ts'

/** What a command's exit code says; part of the command line's contract. */
export const exitCodes = {
  /** It is done. */
  done: 0,
  /** It failed; the message says what to do. */
  failed: 1,
  /** The command was called wrongly, or a definition cannot be run. */
  wrongUsage: 2,
  /** The run waits for a person. */
  held: 3,
  /** A verified run has other inputs today. */
  inputsChanged: 4,
  /** Other code made the verified run. */
  codeChanged: 5,
  /** A verified run came out differently, or consumers read something else. */
  different: 6,
  /** A worker wants to be started anew. As `EX_TEMPFAIL` of sysexits. */
  restart: 75,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export function exitCodeOfError(error: unknown): ExitCode {
  const isWrongUsage = error instanceof ResegmentError && ['ConfigInvalid', 'WrongUsage'].includes(error.type)
  return isWrongUsage ? exitCodes.wrongUsage : exitCodes.failed
}

export function exitCodeOfVerification(answer: VerificationAnswer): ExitCode {
  switch (answer) {
    case 'equal':
    case 'equal_except_erased':
      return exitCodes.done
    case 'inputs_changed':
      return exitCodes.inputsChanged
    case 'code_changed':
      return exitCodes.codeChanged
    case 'different':
      return exitCodes.different
  }
}

/** @param supersededBy as in the run's status: one that names it was held and never came out */
export function exitCodeOfRun(state: RunState, supersededBy?: string): ExitCode {
  switch (state) {
    case 'superseded':
      return supersededBy === undefined ? exitCodes.done : exitCodes.failed
    case 'published':
    case 'dry_run':
      return exitCodes.done
    case 'held':
      return exitCodes.held
    case 'running':
    case 'rejected':
    case 'failed':
    case 'cancelled':
    case 'rolled_back':
      return exitCodes.failed
  }
}
