import { execa } from 'execa'
import { findServer } from '../../src/adapters/embedded/server-binary.ts'
import { TEMPORAL } from '../../src/adapters/embedded/server-program.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import type { TestProject } from './project.ts'

/**
 * Runs Temporal's own command line on the server of a project. @returns what it printed
 * @throws with the whole output when it did not end with 0
 */
export async function temporalTool(
  { variables }: Pick<TestProject, 'variables'>,
  args: readonly string[],
): Promise<string> {
  const { variables: own, cacheFolder } = readEnvironment()
  const binary = await findServer(TEMPORAL, { variables: own, cacheFolder, signal: undefined, onStep: console.error })
  const { TEMPORAL_ADDRESS = '', TEMPORAL_NAMESPACE = 'default' } = variables
  const where = ['--address', TEMPORAL_ADDRESS, '--namespace', TEMPORAL_NAMESPACE]
  const { stdout } = await execa(binary, [...args, ...where, '--disable-config-env', '--disable-config-file'])
  return stdout
}
