import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { removeOutsideFolder } from '../src/adapters/embedded/postgres-files.ts'
import { identifyProcess, isRunning, type ProcessIdentity } from '../src/adapters/embedded/process-identity.ts'
import { findServer } from '../src/adapters/embedded/server-binary.ts'
import { TEMPORAL, VERSITYGW } from '../src/adapters/embedded/server-program.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { stopServers } from '../src/wiring/stack-users.ts'
import { onTermination } from '../src/wiring/with-stack.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    stateFolder: string
  }
}

const PREFIX = 'resegment-stack-'
const OWNER = 'test-run.json'

/**
 * Once a test run: names a state folder that all files share, makes sure that the servers' programs are there (a build takes minutes, and
 * should be seen), and stops afterwards whatever `useStack` started. RESEGMENT_TEST_STACK=0 leaves the programs out, for files that
 * need no servers.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers()
  const stateFolder = await mkdtemp(join(tmpdir(), PREFIX))
  await writeFile(join(stateFolder, OWNER), JSON.stringify(await identifyProcess(process.pid)))
  project.provide('stateFolder', stateFolder)
  // Every file's own temporary folders, so that they go with the test run. Beside the state, which tells Git and others to ignore it.
  const temporary = temporaryOf(stateFolder)
  await mkdir(temporary)
  process.env['TMPDIR'] = temporary
  const release = onTermination(() => removeState(stateFolder))
  const { variables, cacheFolder } = readEnvironment()
  // What one process or thread of the tests has compiled serves the next, as it does the user's.
  process.env['NODE_COMPILE_CACHE'] ??= join(cacheFolder, 'compiled')
  if (variables.RESEGMENT_TEST_STACK !== '0') {
    const find = { variables, cacheFolder, signal: undefined, onStep: (line: string) => console.error(line) }
    await findServer(VERSITYGW, find)
    await findServer(TEMPORAL, find)
  }
  return async () => {
    release()
    await removeState(stateFolder)
  }
}

/** A test run that was killed leaves servers in a folder that nobody starts from again. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(tmpdir(), name)
    const owner = await readFile(join(folder, OWNER), 'utf8').catch(() => undefined)
    if (owner && !(await isRunning(JSON.parse(owner) as ProcessIdentity))) await removeState(folder)
  }
}

async function removeState(stateFolder: string): Promise<void> {
  await stopServers(stateFolder)
  await removeOutsideFolder(stateFolder)
  for (const folder of [stateFolder, temporaryOf(stateFolder)]) await rm(folder, { recursive: true, force: true })
}

function temporaryOf(stateFolder: string): string {
  return `${stateFolder}-files`
}
