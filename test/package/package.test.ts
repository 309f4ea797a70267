import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import { installRuntime } from '../../src/workers/runtime-log.ts'
import { replayHistories, swapTwoSteps, undisturbed } from '../workflows/replay-histories.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const MINUTE_MS = 60_000
/** Servers that are given: the packed program must bring up its own. */
const GIVEN_SERVERS = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'WAREHOUSE_URL',
  'S3_ENDPOINT',
  'RESEGMENT_EMBEDDED_S3',
]

interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function environment(): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !GIVEN_SERVERS.includes(name) && !name.startsWith('npm_')),
  )
  // The command starts with `/usr/bin/env node`: it must find the Node that runs this test.
  return { ...inherited, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` }
}

function execute(
  file: string,
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return new Promise((done) => {
    const options = { cwd, env: { ...environment(), ...variables }, maxBuffer: 64 * 1024 * 1024 }
    execFile(file, [...args], options, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, stdout, stderr })
    })
  })
}

async function succeed(file: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await execute(file, args, cwd)
  if (code !== 0) throw new Error(`${file} ${args.join(' ')}: exit ${code}\n${stdout}\n${stderr}`)
  return stdout
}

describe('the packed program, installed in an empty folder', () => {
  let folder: string
  const installed = (name: string): string => join(folder, 'node_modules/resegment', name)
  const resegment = (...args: string[]): Promise<Finished> =>
    execute(join(folder, 'node_modules/.bin/resegment'), args, folder, {
      // Not in the cache of the user: nobody starts from this folder again.
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
    })

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'resegment-package-')))
    await succeed(process.execPath, ['scripts/build.mjs'], REPOSITORY)
    await succeed('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], REPOSITORY)
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
    await succeed('npm', ['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', tarball], folder)
    mkdirSync(join(folder, 'pipelines'))
    for (const name of ['resegment.yaml', 'pipelines/shop.yaml']) cpSync(join(REPOSITORY, name), join(folder, name))
  }, 10 * MINUTE_MS)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('holds what it runs from and what people read, and no source or test', () => {
    for (const name of [
      'dist/cli/main.js',
      'dist/workflow-bundle.js',
      'dist/kernels/kernel-worker.js',
      'dist/kernels/assembly/kmeans.wasm',
      'dist/index.d.ts',
    ])
      expect(existsSync(installed(name)), name).toBe(true)
    for (const name of ['schemas', 'contract', 'README.md', 'LICENSE', 'CHANGELOG.md'])
      expect(existsSync(installed(name)), name).toBe(true)
    for (const name of ['src', 'test', 'bench', 'scripts', '.resegment'])
      expect(existsSync(installed(name)), name).toBe(false)
  })

  it('replays the stored histories on the bundle it ships, and not on one where two steps changed places', async () => {
    installRuntime({ level: 'error', destination: 'stderr' })
    const codePath = installed('dist/workflow-bundle.js')
    expect(await replayHistories({ codePath })).toEqual(undisturbed)
    const shipped = readFileSync(codePath, 'utf8')
    const code = swapTwoSteps(shipped)
    expect(code).not.toBe(shipped)
    expect(Object.values(await replayHistories({ code }))).toContain('DeterminismViolationError')
  })

  it('gives its public names to an import', async () => {
    const program = "import * as names from 'resegment'; console.log(Object.keys(names).sort().join())"
    const names = await succeed(process.execPath, ['--input-type=module', '--eval', program], folder)
    expect(names.trim()).toBe('formatRunId,inspectProject,parseRunId')
  })

  it('prints its commands', async () => {
    const { code, stdout } = await resegment('--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Usage: resegment/)
    for (const command of ['check', 'run', 'worker']) expect(stdout).toContain(command)
  })

  it('checks a project, and names what is wrong with a bad one', async () => {
    expect(await resegment('check')).toMatchObject({ code: 0 })
    const bad = join(folder, 'bad')
    mkdirSync(join(bad, 'pipelines'), { recursive: true })
    cpSync(join(folder, 'resegment.yaml'), join(bad, 'resegment.yaml'))
    writeFileSync(join(bad, 'pipelines/shop.yaml'), 'pipeline: shop\nclusters: 3\n')
    const { code, stderr } = await resegment('check', '--project', bad)
    expect(code).toBe(2)
    expect(stderr).toMatch(/pipelines\/shop\.yaml:2/)
  })

  it(
    'runs a pipeline on servers of its own and publishes',
    async () => {
      expect(await resegment('demo-data', '--customers', '600')).toMatchObject({ code: 0 })
      const { code, stdout, stderr } = await resegment('run', 'shop', '--as-of', '2026-10-01', '--embedded', '--json')
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
      const status = JSON.parse(stdout) as RunStatus
      expect(status).toMatchObject({ runKey: 'shop@2026-10-01', status: 'published' })
      expect(status.segments.length).toBeGreaterThan(2)
    },
    // Building the servers, where nobody has yet, takes minutes.
    15 * MINUTE_MS,
  )
})
