import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const PACKAGES = {
  '': {},
  'node_modules/node': { version: '24.0.0' },
  'node_modules/zod': { version: '4.0.0' },
  'node_modules/only-on-another-system': { version: '1.0.0', optional: true },
}
/** Stands for npm: takes a second, then has installed what the lock file says, but for the optional package. */
const FAKE_NPM = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
appendFileSync('journal', process.argv.slice(2).join(' ') + '\\n')
await new Promise((resolve) => setTimeout(resolve, 1000))
if (process.env.FAKE_NPM_FAILS) process.exit(7)
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
delete packages['node_modules/only-on-another-system']
mkdirSync('node_modules/node/bin', { recursive: true })
writeFileSync('node_modules/node/bin/node', '')
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }))
`
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resegment-setup-'))
  await mkdir(join(folder, 'scripts'))
  await cp(join(root, 'scripts', 'setup.mjs'), join(folder, 'scripts', 'setup.mjs'))
  await writeFile(join(folder, 'npm-cli.mjs'), FAKE_NPM)
  await writeFile(join(folder, 'npm-cli.js'), `import('./npm-cli.mjs')`)
  await lock(PACKAGES)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('scripts/setup.mjs', () => {
  it('installs once when two start at the same time, leaves the lock file alone, and then has nothing to do', async () => {
    const both = await Promise.all([setUp(), setUp()])
    expect(both.map((result) => result.code)).toEqual([0, 0])
    expect(await journal()).toEqual(['install --no-save --no-audit --no-fund --loglevel=error'])
    expect(both.map((result) => result.stderr).join('')).toMatch(/Installing packages \(node_modules is missing/)
    const begin = performance.now()
    expect(await setUp()).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(performance.now() - begin).toBeLessThan(2_000)
    expect(await journal()).toHaveLength(1)
  })

  it('installs again when package-lock.json wants another version', async () => {
    await setUp()
    await lock({ ...PACKAGES, 'node_modules/zod': { version: '4.0.1' } })
    expect((await setUp()).stderr).toContain('node_modules/zod is 4.0.0, wanted 4.0.1')
    expect(await setUp()).toMatchObject({ stderr: '' })
  })

  it('says what to look at when npm fails, and fails', async () => {
    const { code, stderr } = await setUp({ FAKE_NPM_FAILS: '1' })
    expect(code).toBe(1)
    expect(stderr).toMatch(/npm ended with exit code 7.*npm registry can be reached/s)
  })

  it('does not wait for a set-up that was killed', async () => {
    const left = join(folder, 'node_modules', '.setup-lock')
    await mkdir(left, { recursive: true })
    const longAgo = new Date('2020-01-01')
    await utimes(left, longAgo, longAgo)
    expect(await setUp()).toMatchObject({ code: 0 })
  })
})

async function lock(packages: object): Promise<void> {
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages }))
}

async function journal(): Promise<string[]> {
  await appendFile(join(folder, 'journal'), '')
  return (await readFile(join(folder, 'journal'), 'utf8')).split('\n').filter(Boolean)
}

async function setUp(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(folder, 'scripts', 'setup.mjs')], {
    env: { ...process.env, npm_execpath: join(folder, 'npm-cli.js'), ...env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const [code] = await once(child, 'close')
  return { code: code as number, stdout, stderr }
}
