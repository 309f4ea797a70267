import { execFile } from 'node:child_process'
import { join } from 'node:path'

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

const main = join(import.meta.dirname, '../../src/cli/main.ts')

/** Runs `resegment` as a process of its own. */
export function runCli(...commandArguments: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...commandArguments],
      { env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) =>
        resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}
