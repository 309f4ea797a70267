import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Environment } from '../config/environment.ts'
import { readEnvironment } from '../config/environment.ts'
import { DEFAULT_TARGET } from '../run/target-option.ts'
import type { ExitCode } from './exit-code.ts'
import { exitCodes } from './exit-code.ts'
import { programOf } from './surroundings.ts'
import { openTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** What every command is told, by options that all of them have. */
export interface CommandContext {
  readonly projectFolder: string
  /** Absolute. */
  readonly stateFolder: string
  readonly targetName: string
  readonly terminal: Terminal
  readonly environment: Environment
}

interface SharedOptions {
  readonly target: string
  readonly json?: boolean
  readonly project: string
  readonly state?: string
}

export function addSharedOptions(program: Command): Command {
  return program
    .option('--target <name>', 'where to work, one of the targets of resegment.yaml', DEFAULT_TARGET)
    .option('--json', 'print one JSON document on stdout; everything else goes to stderr')
    .option('--project <dir>', 'the folder of resegment.yaml', '.')
    .option('--state <dir>', 'the folder of the embedded servers (default: .resegment in the project folder)')
}

/** Runs the body of a command with its context; its return value becomes the program's exit code. */
export function act<Arguments extends readonly unknown[]>(
  body: (context: CommandContext, ...commandArguments: Arguments) => Promise<ExitCode | void> | ExitCode | void,
): (this: Command, ...commandArguments: unknown[]) => Promise<void> {
  return async function (this: Command, ...all: unknown[]) {
    // Commander appends the command itself.
    const commandArguments = all.slice(0, -1) as unknown as Arguments
    const exitCode = await body(contextOf(this), ...commandArguments)
    programOf(this).exitCode = exitCode ?? exitCodes.done
  }
}

function contextOf(command: Command): CommandContext {
  const { target, json, project, state } = command.optsWithGlobals<SharedOptions>()
  const projectFolder = resolve(project)
  const { surroundings } = programOf(command)
  return {
    projectFolder,
    stateFolder: state === undefined ? resolve(projectFolder, '.resegment') : resolve(state),
    targetName: target,
    terminal: openTerminal(json ?? false, surroundings),
    environment: readEnvironment(surroundings.variables),
  }
}
