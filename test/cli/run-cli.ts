import { runCommand } from '../../src/cli/run-command.ts'

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `resegment` in this process: what its start costs, and how it begins and ends as a process, is tested in `start.test.ts`. */
export async function runCli(...commandArguments: readonly string[]): Promise<CommandResult> {
  let stdout = ''
  let stderr = ''
  const exitCode = await runCommand(commandArguments, {
    variables: {},
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  })
  return { exitCode, stdout, stderr }
}
