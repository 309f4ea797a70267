import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Connection, WorkflowClient } from '@temporalio/client'
import { readEnvironment } from '../src/config/environment.ts'
import type { RunStatus } from '../src/run/run-status.ts'
import { median } from '../src/stats/quantile.ts'
import { startStack } from '../src/wiring/stack.ts'
import { openDelay } from './delay.ts'
import { writeShopProject } from './dev-stack.ts'
import { machine } from './in-turn.ts'
import { readRunTimes } from './run-times.ts'

const MAIN = resolve(import.meta.dirname, '../src/cli/main.ts')
/** What is far away from the worker, by the variables that lead there. */
const DISTANCES = {
  nothing: [],
  S3: ['S3_ENDPOINT'],
  'the warehouse': ['WAREHOUSE_URL'],
  Temporal: ['TEMPORAL_ADDRESS'],
  'all three': ['S3_ENDPOINT', 'WAREHOUSE_URL', 'TEMPORAL_ADDRESS'],
} as const

type Variables = Readonly<Record<string, string>>

/**
 * `npm run bench -- far [MILLISECONDS [REPETITIONS]]`: the run of `small`, by a worker to which an answer of a server takes so long to come.
 */
export async function benchFar([milliseconds = '30', repetitions = '3']: readonly string[]): Promise<boolean> {
  console.error('bench: generating the shop and starting the servers')
  const folder = mkdtempSync(join(tmpdir(), 'resegment-far-'))
  await writeShopProject(folder, { customers: 2_000, pace: 1 })
  const stack = await startStack({ stateFolder: join(folder, 'state'), environment: readEnvironment() })
  const connection = await Connection.connect({ address: stack.overrides.TEMPORAL_ADDRESS! })
  const client = new WorkflowClient({ connection })
  const measured = new Map<string, number[]>(Object.keys(DISTANCES).map((what) => [what, []]))
  try {
    await command(folder, stack.overrides, 'migrate')
    for (let repetition = 1; repetition <= Number(repetitions); repetition += 1)
      for (const [what, variables] of Object.entries(DISTANCES)) {
        const ms = await withFar(folder, stack.overrides, variables, Number(milliseconds), async () => {
          const run = async (): Promise<RunStatus> =>
            JSON.parse(
              await command(folder, stack.overrides, 'run', 'shop', '--as-of', '2026-10-01', '--revision', 'next'),
            ) as RunStatus
          // The first of a worker does not count.
          await run()
          return (await readRunTimes(client, await run())).totalMs
        })
        measured.get(what)!.push(ms / 1000)
        console.error(`bench: ${repetition} of ${repetitions}: ${what}: ${(ms / 1000).toFixed(2)} s`)
      }
  } finally {
    await connection.close()
    await stack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  console.log(`2,000 customers; ${milliseconds} ms there and back; ${machine()}\n\n${tableOf(measured)}`)
  return false
}

async function withFar<T>(
  folder: string,
  near: Variables,
  far: readonly string[],
  milliseconds: number,
  use: () => Promise<T>,
): Promise<T> {
  const delays = await Promise.all(far.map((name) => openDelay(near[name]!, milliseconds / 2)))
  const variables = Object.fromEntries(far.map((name, index) => [name, delays[index]!.address]))
  const worker = spawn(process.execPath, [MAIN, 'worker', '--project', folder], {
    env: { ...process.env, ...near, ...variables },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    // The first thing that a worker says is that it polls.
    await once(worker.stdout, 'data')
    return await use()
  } finally {
    const exited = once(worker, 'exit')
    worker.kill('SIGTERM')
    await exited
    for (const delay of delays) delay.close()
  }
}

/** @returns what it prints as JSON */
async function command(folder: string, variables: Variables, ...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [MAIN, ...args, '--project', folder, '--json'], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`resegment ${args.join(' ')}: exit ${code}\n${stdout}\n${stderr}`)
  return stdout
}

function tableOf(measured: ReadonlyMap<string, readonly number[]>): string {
  const near = measured.get('nothing')!
  const row = ([what, seconds]: readonly [string, readonly number[]]): string => {
    const ratios = [least, median].map((of) => (of(seconds) / of(near)).toFixed(2)).join(', ')
    return `| ${what} | ${ratios} | ${[least, median].map((of) => of(seconds).toFixed(2)).join(', ')} |`
  }
  return ['| far away | run ÷ near: min, median | run, s |', '|---|---|---|', ...[...measured].map(row)].join('\n')
}

function least(values: readonly number[]): number {
  return Math.min(...values)
}
