import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

describe('a command', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'resegment-start-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function help(cacheFolder: string): Promise<string> {
    const { NODE_COMPILE_CACHE: _c, NODE_DISABLE_COMPILE_CACHE: _d, ...env } = process.env
    const options = { env: { ...env, RESEGMENT_CACHE: cacheFolder } }
    return (await promisify(execFile)(process.execPath, [MAIN, 'check', '--help'], options)).stdout
  }

  it('keeps what it compiled in the cache folder, for the next one', async () => {
    expect(await help(join(folder, 'cache'))).toContain('Usage: resegment check')
    expect(readdirSync(join(folder, 'cache/compiled'), { recursive: true }).length).toBeGreaterThan(100)
  })

  it('goes on to its end when nobody reads what it says any more', async () => {
    const child = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let said = ''
    child.stderr.on('data', (piece: Buffer) => (said += piece.toString()))
    const code = await new Promise((done) => child.once('exit', done))
    expect({ code, said }).toEqual({ code: 0, said: '' })
  })

  it('works where that cannot be kept', async () => {
    writeFileSync(join(folder, 'file'), '')
    expect(await help(join(folder, 'file/cache'))).toContain('Usage: resegment check')
  })
})
