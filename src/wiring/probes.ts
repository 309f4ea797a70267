import { findServer } from '../adapters/embedded/server-binary.ts'
import { TEMPORAL, VERSITYGW } from '../adapters/embedded/server-program.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import { makeServices } from './services.ts'

/** Where the programs of the embedded servers are. Builds and downloads nothing. @throws ServerMissing */
export function findServerPrograms({ cacheFolder, variables }: Environment): Promise<readonly string[]> {
  const options = { cacheFolder, variables, signal: undefined, onStep: () => undefined, makers: [] }
  return Promise.all([TEMPORAL, VERSITYGW].map((program) => findServer(program, options)))
}

/** Reads from the artifact store of a pipeline. @returns where it is @throws ConnectionFailed, PermissionDenied, ConfigInvalid */
export async function probeStore(environment: Environment, definition: Definition): Promise<string> {
  const services = makeServices(environment)
  try {
    const store = services.store(definition)
    const { pipeline } = definition.pipeline
    const address = { pipeline, runKey: 'doctor', revision: 1, stage: 'extract', inputDigest: 'none' } as const
    const uri = store.artifactUri(definition.target.prefix, address)
    await store.readManifest(uri, 'manifest')
    return uri.slice(0, uri.indexOf(`/${pipeline}/doctor`))
  } finally {
    await services.close()
  }
}

/** Seconds that this machine's clock is ahead of an HTTP server's; null when the server gives no date. */
export async function probeClock(url: string): Promise<number | null> {
  const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5_000) })
  const date = response.headers.get('date')
  return date === null ? null : (Date.now() - Date.parse(date)) / 1000
}
