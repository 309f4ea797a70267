// `npm run build:kernels`: compiles src/kernels/assembly to the WebAssembly that is checked in. A test compiles it again and compares bytes.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import asc from 'assemblyscript/asc'

const folder = resolve(import.meta.dirname, '../src/kernels/assembly')

/** @returns the path of what was written */
export async function buildKernels(outFile = resolve(folder, 'kmeans.wasm')) {
  const { error, stderr } = await asc.main([
    resolve(folder, 'kmeans.ts'),
    ...['--outFile', outFile, '-O3', '--noAssert', '--converge', '--runtime', 'stub', '--use', 'abort='],
    ...['--enable', 'simd', '--enable', 'threads', '--importMemory', '--sharedMemory'],
    ...['--initialMemory', '1', '--maximumMemory', '65536'],
  ])
  if (error) throw new Error(`The kernels do not compile:\n${stderr.toString()}`, { cause: error })
  return outFile
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(`build:kernels: ${await buildKernels()}`)
