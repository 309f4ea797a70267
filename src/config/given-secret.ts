import { execSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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

function printedBy(command: string, name: string): string {
  try {
    return execSync(command, { encoding: 'utf8', timeout: COMMAND_TIMEOUT_MS, stdio: ['ignore', 'pipe', 'inherit'] })
  } catch (error) {
    const { status, signal } = error as { status?: number | null; signal?: string | null }
    // Not the error itself: it holds what was printed.
    throw new ConfigInvalid(
      `The command of ${name}_COMMAND failed: ${status == null ? (signal ?? 'it could not be started') : `exit ${status}`}.`,
      'Run it by hand as the user of this process; it must print the secret and exit with 0.',
    )
  }
}
