// `npm run build:kernels [-- FILE]`: compiles src/kernels/assembly to the WebAssembly that is checked in. A test compiles it to another file
// and compares bytes.
import { resolve } from 'node:path'
import asc from 'assemblyscript/asc'

const folder = resolve(import.meta.dirname, '../src/kernels/assembly')

const outFile = process.argv[2] ?? resolve(folder, 'kmeans.wasm')

const { error, stderr } = await asc.main([
  resolve(folder, 'kmeans.ts'),
  ...['--outFile', outFile, '-O3', '--noAssert', '--converge', '--runtime', 'stub', '--use', 'abort='],
  ...['--enable', 'simd', '--enable', 'threads', '--importMemory', '--sharedMemory'],
  ...['--initialMemory', '1', '--maximumMemory', '65536'],
])
if (error) throw new Error(`The kernels do not compile:\n${stderr.toString()}`, { cause: error })
console.log(`build:kernels: ${outFile}`)
