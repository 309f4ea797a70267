import { exec, execSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ConfigInvalid } from '../errors/config-invalid.ts'

const COMMAND_TIMEOUT_MS = 30_000

type Variables = Readonly<Record<string, string | undefined>>

/**
 * A secret of the process itself: variable NAME, else file NAME in RESEGMENT_SECRETS_DIR, else what the command in variable NAME_COMMAND
 * prints, as that of a password manager or a cloud's key store.
 *
 * An empty one counts as none.
 *
 * @returns undefined where none of them is there
 * @throws ConfigInvalid when the command fails
 */
export function givenSecret(variables: Variables, name: string): string | undefined {
  const given = variables[name] || readMounted(variables['RESEGMENT_SECRETS_DIR'], name)
  if (given) return given
  const command = variables[`${name}_COMMAND`]
  return command ? printedBy(command, name).trim() || undefined : undefined
}

export function readMounted(folder: string | undefined, name: string): string | undefined {
  try {
    return folder ? readFileSync(join(folder, name), 'utf8').trim() : undefined
  } catch {
    return undefined // Not mounted: who needs it says so.
  }
}

/**
 * What the command in variable NAME_COMMAND prints now, without holding anything else up.
 *
 * @returns undefined where there is no such command, or the variable or the file goes before it
 * @throws ConfigInvalid when the command fails
 */
export async function printedAgain(variables: Variables, name: string): Promise<string | undefined> {
  const command = variables[`${name}_COMMAND`]
  if (!command || variables[name] || readMounted(variables['RESEGMENT_SECRETS_DIR'], name)) return undefined
  try {
    const { stdout } = await promisify(exec)(command, { encoding: 'utf8', timeout: COMMAND_TIMEOUT_MS })
    return stdout.trim() || undefined
  } catch (error) {
    const { code, signal } = error as { code?: number | string | null; signal?: string | null }
    throw refuseCommand(name, code, signal)
  }
}

function printedBy(command: string, name: string): string {
  try {
    return execSync(command, { encoding: 'utf8', timeout: COMMAND_TIMEOUT_MS, stdio: ['ignore', 'pipe', 'inherit'] })
  } catch (error) {
    const { status, signal } = error as { status?: number | null; signal?: string | null }
    throw refuseCommand(name, status, signal)
  }
}

/** Not the error itself: it holds what was printed. */
function refuseCommand(
  name: string,
  code: number | string | null | undefined,
  signal: string | null | undefined,
): Error {
  return new ConfigInvalid(
    `The command of ${name}_COMMAND failed: ${code == null ? (signal ?? 'it could not be started') : `exit ${code}`}.`,
    'Run it by hand as the user of this process; it must print the secret and exit with 0.',
  )
}
