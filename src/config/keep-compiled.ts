import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { readEnvironment } from './environment.ts'

/**
 * Compiling a thousand modules is half of what a short command costs: what one has compiled serves the next. A folder that cannot be
 * written to only leaves the saving out.
 */
export function keepCompiled(): void {
  const folder = join(readEnvironment().cacheFolder, 'compiled')
  enableCompileCache(folder)
  // The call is for this thread; those of the kernels and of the workflows look here.
  process.env.NODE_COMPILE_CACHE ??= folder
}
