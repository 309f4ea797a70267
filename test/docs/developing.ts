import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'vitest'
import { removeOutsideFolder } from '../../src/adapters/embedded/postgres-files.ts'
import { isRunning, type ProcessIdentity } from '../../src/adapters/embedded/process-identity.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const READY = 'Ctrl-C stops all.'
/** 128 + SIGINT, as shells have it. */
const INTERRUPTED = 130

interface StackRecord {
  readonly servers: readonly { readonly kind: string; readonly process: ProcessIdentity }[]
}

/**
 * `resegment dev` in a copy of the demo project, with servers of its own: it says that it is ready and where, and Ctrl-C stops all that it
 * started.
 */
export async function developsUntilInterrupted(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'resegment-dev-'))
  for (const name of ['resegment.yaml', 'pipelines']) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  const args = [join(ROOT, 'src/cli/main.ts'), 'dev', '--project', folder]
  // Servers that the environment names would be used, and stay.
  const { TEMPORAL_ADDRESS: _t, WAREHOUSE_URL: _w, S3_ENDPOINT: _s, ...env } = process.env
  const dev = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const exited = new Promise<number | null>((resolveCode) => dev.once('exit', (code) => resolveCode(code)))
  try {
    await new Promise<void>((ready, failed) => {
      const look = (chunk: Buffer): void => {
        output += chunk.toString()
        if (output.includes(READY)) ready()
      }
      dev.stdout.on('data', look)
      dev.stderr.on('data', look)
      void exited.then((code) => failed(new Error(`dev ended with ${code}\n${output}`)))
    })
    for (const line of [
      /^Temporal UI +http:/m,
      /^Reports +http:/m,
      /^Temporal +\S+:\d+$/m,
      /^Warehouse +postgres:/m,
      /^S3 +http:/m,
      /^Worker +/m,
    ])
      expect(output).toMatch(line)
    const [, reports] = /^Reports +(\S+)$/m.exec(output)!
    const index = await fetch(reports!)
    expect(await index.text()).toContain('Nothing is published of')
    const unknown = await fetch(`${reports}/shop@1999-01-01~1`)
    expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringMatching(/^RunNotFound: .*shop@1999/)])
    const { servers } = JSON.parse(readFileSync(join(folder, '.resegment/servers.json'), 'utf8')) as StackRecord
    // One that has ended counts as gone, even where nobody reaps it: in a container without an init process.
    const running = async (): Promise<string[]> => {
      const alive = await Promise.all(
        servers.map(async ({ kind, process }) => ((await isRunning(process)) ? [kind] : [])),
      )
      return alive.flat()
    }
    expect((await running()).sort()).toEqual(['s3', 'temporal', 'warehouse'])
    dev.kill('SIGINT')
    expect(await exited, output).toBe(INTERRUPTED)
    expect(await running()).toEqual([])
  } finally {
    dev.kill('SIGTERM')
    await exited
    await removeOutsideFolder(join(folder, '.resegment'))
    rmSync(folder, { recursive: true, force: true })
  }
}
