import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeOutsideFolder } from '../../../src/adapters/embedded/postgres-files.ts'
import { isRunning } from '../../../src/adapters/embedded/process-identity.ts'
import { readStackRecord } from '../../../src/adapters/embedded/state-folder.ts'
import { findServer } from '../../../src/adapters/embedded/server-binary.ts'
import { VERSITYGW } from '../../../src/adapters/embedded/server-program.ts'
import { readEnvironment } from '../../../src/config/environment.ts'
import { ServerNotStarted } from '../../../src/errors/server-not-started.ts'
import { joinStack, readEndpoints, startStack, type Stack } from '../../../src/wiring/stack.ts'
import { stopServers } from '../../../src/wiring/stack-users.ts'
import { noServersGiven } from '../../no-servers-given.ts'
import { useStack } from '../../use-stack.ts'
import { readEverywhere, s3Client, writeEverywhere } from './stack-contents.ts'

const environment = readEnvironment(noServersGiven)
let stateFolder: string
let scratch: string

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'resegment-state-'))
  stateFolder = join(scratch, 'state')
})
afterEach(async () => {
  await stopServers(stateFolder)
  await removeOutsideFolder(stateFolder)
  await rm(scratch, { recursive: true, force: true })
})

const start = (options = {}): Promise<Stack> => startStack({ stateFolder, environment, durable: false, ...options })

describe('the embedded stack', () => {
  it('leaves nothing running when it stops, and the next start finds the data of the last', async () => {
    const first = await start()
    expect(await readEndpoints(stateFolder, environment)).toMatchObject({
      endpoints: first.endpoints,
      overrides: first.overrides,
    })
    const processes = await readProcesses()
    expect(processes.map((process) => process.command).sort()).toEqual(['postgres', 'temporal', 'versitygw'])
    await writeEverywhere(first)
    for (const secret of ['secrets.json', 'servers.json'])
      expect((await stat(join(stateFolder, secret))).mode & 0o777).toBe(0o600)
    await first.stop()
    await first.stop()
    for (const process of processes) expect(await isRunning(process)).toBe(false)
    expect(await readEndpoints(stateFolder, environment)).toBeUndefined()

    const second = await start()
    expect(await readEverywhere(second)).toEqual({
      row: 'a row',
      object: 'an object',
      workflow: 'RUNNING',
      retentionDays: 90,
    })
    await second.stop()
  })

  it('goes on while anybody uses it, and can be left up for the next', async () => {
    expect(await joinStack({ stateFolder, environment })).toBeUndefined()
    const first = await start()
    const joined = (await joinStack({ stateFolder, environment }))!
    const processes = await readProcesses()
    expect(joined.endpoints).toEqual(first.endpoints)
    await first.stop()
    for (const process of processes) expect(await isRunning(process)).toBe(true)
    await joined.keep()
    const guest = (await joinStack({ stateFolder, environment }))!
    await guest.stop()
    const third = await start()
    expect(await readProcesses()).toEqual(processes)
    await third.stop()
    for (const process of processes) expect(await isRunning(process)).toBe(false)
  })

  it('stops what a killed process left, and starts anew on its data', async () => {
    const holder = await hold()
    holder.child.kill('SIGKILL')
    await holder.ended
    const left = await readProcesses()
    for (const process of left) expect(await isRunning(process)).toBe(true)
    const stack = await start()
    for (const process of left) expect(await isRunning(process)).toBe(false)
    await writeEverywhere(stack)
    await stack.stop()
  })

  it('leaves a process alone that only got the number of a server', async () => {
    const stranger = spawn('sleep', ['60'])
    await mkdir(stateFolder, { recursive: true })
    const server = { kind: 's3', ports: [1], endpoints: {}, overrides: {} }
    const record = { formatVersion: 1, users: [], kept: false, ports: {} }
    const process = { pid: stranger.pid!, startedAt: 'another boot', command: 'versitygw' }
    await writeFile(join(stateFolder, 'servers.json'), JSON.stringify({ ...record, servers: [{ ...server, process }] }))
    await stopServers(stateFolder)
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
    stranger.kill()
  })

  it('stops on Ctrl-C, after the work and in the middle of a start', async () => {
    const holder = await hold()
    const processes = await readProcesses()
    holder.child.kill('SIGINT')
    expect(await holder.ended).toMatchObject({ code: 130, stdout: expect.stringContaining('interrupted') })
    for (const process of processes) expect(await isRunning(process)).toBe(false)

    const starting = spawnHolder()
    await starting.prints('S3: ready')
    starting.child.kill('SIGINT')
    expect((await starting.ended).code).toBe(130)
    expect(await readProcesses()).toEqual([])
    expect(starting.stdout()).not.toContain('holding')
  })

  it('uses servers that the environment names and never stops them', async () => {
    const given = await useStack()
    const all = await startStack({ stateFolder, environment: given.environment })
    expect(all.endpoints).toMatchObject({
      temporal: given.endpoints.temporal,
      // It is for people to read: without the password.
      warehouse: given.endpoints.warehouse.replace(/:\w+@/, '@'),
      s3: given.endpoints.s3,
    })
    expect(all.overrides).toEqual({})
    await all.stop()
    const { TEMPORAL_ADDRESS, S3_ENDPOINT } = given.environment.variables as Record<string, string>
    const some = await start({
      environment: readEnvironment({ ...noServersGiven, TEMPORAL_ADDRESS, S3_ENDPOINT } as never),
    })
    expect(Object.keys(some.overrides)).toEqual(['WAREHOUSE_URL'])
    expect((await readProcesses()).map((process) => process.command)).toEqual(['postgres'])
    await some.stop()
    await writeEverywhere(given)
  })

  it('shows the end of the log of a server that ends, and stops the others', async () => {
    const bin = await putOnPath('temporal', 'echo unable to open the database; exit 3')
    const broken = readEnvironment({ ...noServersGiven, PATH: `${bin}:${environment.variables.PATH}` })
    const error = await start({ environment: broken }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ServerNotStarted)
    expect((error as Error).message).toMatch(/it ended with exit code 3.*unable to open the database/s)
    expect(await readProcesses()).toEqual([])
  })

  it('keeps the metadata of objects beside them on a file system without extended attributes', async () => {
    const real = await findServer(VERSITYGW, { ...environment, signal: undefined, onStep: () => {} })
    const bin = await putOnPath(
      'versitygw',
      `case "$*" in *--sidecar*) exec ${real} "$@" ;; esac\necho xattr check failed: xattrs are not supported on this filesystem\nexit 1`,
    )
    const given = (await useStack()).environment.variables
    const without = readEnvironment({
      ...noServersGiven,
      TEMPORAL_ADDRESS: given.TEMPORAL_ADDRESS!,
      WAREHOUSE_URL: given.WAREHOUSE_URL!,
      PATH: `${bin}:${environment.variables.PATH}`,
    })
    const stack = await start({ environment: without })
    const s3 = s3Client(stack)
    await s3.send(new CreateBucketCommand({ Bucket: 'beside' }))
    await s3.send(new PutObjectCommand({ Bucket: 'beside', Key: 'a/b', Body: 'text', Metadata: { rows: '7' } }))
    const { Metadata } = await s3.send(new GetObjectCommand({ Bucket: 'beside', Key: 'a/b' }))
    expect(Metadata).toEqual({ rows: '7' })
    const [process] = await readProcesses()
    await stack.stop()
    expect(await isRunning(process!)).toBe(false)
  })
})

async function readProcesses() {
  return (await readStackRecord(stateFolder)).servers.map((server) => server.process)
}

async function putOnPath(name: string, script: string): Promise<string> {
  const bin = join(scratch, 'bin')
  await mkdir(bin, { recursive: true })
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(bin, name), 0o755)
  return bin
}

function spawnHolder() {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-stack.child.ts'), stateFolder], {
    env: { ...process.env, ...noServersGiven },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout }))
  const prints = async (text: string): Promise<void> => {
    while (!stdout.includes(text)) {
      if (child.exitCode !== null) throw new Error(`It ended before it printed "${text}":\n${stdout}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return { child, ended, prints, stdout: () => stdout }
}

async function hold() {
  const holder = spawnHolder()
  await holder.prints('holding')
  return holder
}
