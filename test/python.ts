import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readEnvironment } from '../src/config/environment.ts'

const INSTALL_MS = 240_000

/**
 * A Python of our own with some packages of PyPI, made once in the cache folder.
 *
 * @param name of the virtual environment
 * @returns path of its folder of programs; or why there is none, for tests that then skip
 */
export function findPython(
  name: string,
  packages: readonly string[],
): { readonly bin: string } | { readonly why: string } {
  const folder = join(readEnvironment().cacheFolder, 'test-python', name)
  const bin = join(folder, 'bin')
  const done = join(folder, 'installed')
  if (existsSync(done)) return { bin }
  const run = (program: string, ...args: string[]): void =>
    void execFileSync(program, args, { stdio: 'pipe', timeout: INSTALL_MS })
  try {
    rmSync(folder, { recursive: true, force: true })
    run('python3', '-m', 'venv', folder)
    // Wheels only: nobody's machine should compile for a test.
    run(
      join(bin, 'pip'),
      'install',
      '--quiet',
      '--retries',
      '1',
      '--timeout',
      '10',
      '--only-binary',
      ':all:',
      ...packages,
    )
    mkdirSync(done)
    return { bin }
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? error)
      .trim()
      .split('\n')
      .at(-1)
    return { why: `Python with ${packages.join(', ')} cannot be had here: ${said}` }
  }
}
