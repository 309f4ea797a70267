import { argv } from 'node:process'
import { CommanderError } from 'commander'
import { readEnvironment } from '../config/environment.ts'
import { exitCodeOfError, exitCodes } from './exit-code.ts'
import { failureDocument, failureText } from './failure-text.ts'
import { buildProgram } from './program.ts'
import { openTerminal } from './terminal.ts'

/** Executes the command that was typed; its exit code becomes that of the process. */
export async function runCommand(): Promise<void> {
  try {
    const program = await buildProgram(argv.slice(2))
    await program.parseAsync()
  } catch (error) {
    process.exitCode = report(error)
  }
}

function report(error: unknown): number {
  // Commander has printed its own message: help asked for is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage
  const terminal = openTerminal(argv.includes('--json'))
  terminal.document(failureDocument(error))
  terminal.complain(...failureText(error, readEnvironment().logLevel === 'debug'))
  return exitCodeOfError(error)
}
