import { CommanderError } from 'commander'
import { readEnvironment } from '../config/environment.ts'
import { exitCodeOfError, exitCodes, type ExitCode } from './exit-code.ts'
import { failureDocument, failureText } from './failure-text.ts'
import { buildProgram } from './program.ts'
import { ofThisProcess, type Surroundings } from './surroundings.ts'
import { openTerminal } from './terminal.ts'

/** Executes the command that was typed. */
export async function runCommand(
  words: readonly string[],
  surroundings: Surroundings = ofThisProcess,
): Promise<ExitCode> {
  try {
    const program = await buildProgram(words, surroundings)
    await program.parseAsync(words, { from: 'user' })
    return program.exitCode
  } catch (error) {
    return report(error, words, surroundings)
  }
}

function report(error: unknown, words: readonly string[], surroundings: Surroundings): ExitCode {
  // Commander has printed its own message: help asked for is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage
  const terminal = openTerminal(words.includes('--json'), surroundings)
  terminal.document(failureDocument(error))
  terminal.complain(...failureText(error, readEnvironment(surroundings.variables).logLevel === 'debug'))
  return exitCodeOfError(error)
}
