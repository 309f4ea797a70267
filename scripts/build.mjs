// Makes dist/: what is packed and installed elsewhere, where Node does not strip types.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = resolve(import.meta.dirname, '..')
const dist = join(root, 'dist')
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

rmSync(dist, { recursive: true, force: true })

console.log('build: compiling src to dist')
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

cpSync(join(root, 'src/kernels/assembly/kmeans.wasm'), join(dist, 'kernels/assembly/kmeans.wasm'))

console.log('build: bundling the workflows')
const { writeWorkflowBundle } = await import(pathToFileURL(join(dist, 'workers/workflow-bundle.js')).href)
await writeWorkflowBundle()

for (const file of Object.values(bin)) {
  const path = join(root, file)
  if (!readFileSync(path, 'utf8').startsWith('#!/usr/bin/env node\n'))
    throw new Error(`${file} must start with #!/usr/bin/env node, or the installed command is not a program.`)
  chmodSync(path, 0o755)
}
console.log('build: done')
