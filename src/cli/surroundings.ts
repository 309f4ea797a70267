import { stderr, stdout } from 'node:process'
import { Command } from 'commander'
import { exitCodes, type ExitCode } from './exit-code.ts'

/** As much of a stream as the words of a command need. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Where a command is typed. */
export interface Surroundings {
  /** Environment variables beside those of the process; they win. */
  readonly variables: Readonly<Record<string, string>>
  readonly stdout: Output
  readonly stderr: Output
}

export const ofThisProcess: Surroundings = { variables: {}, stdout, stderr }

/** The command line of one call: a process may execute several, each in its own surroundings. */
export class Program extends Command {
  readonly surroundings: Surroundings
  /** What the executed command ended with. */
  exitCode: ExitCode = exitCodes.done

  constructor(name: string, surroundings: Surroundings) {
    super(name)
    this.surroundings = surroundings
    this.configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
      getOutHelpWidth: () => widthOf(surroundings.stdout),
      getErrHelpWidth: () => widthOf(surroundings.stderr),
    })
  }
}

/** @throws when the command is no part of a program */
export function programOf(command: Command): Program {
  let root: Command = command
  while (root.parent) root = root.parent
  if (root instanceof Program) return root
  throw new Error(`Command ${command.name()} has no program around it.`)
}

/** As commander has it where nothing says: undefined is 80. */
function widthOf({ isTTY, columns }: Output): number {
  return (isTTY ? columns : undefined) ?? 80
}
