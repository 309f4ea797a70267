import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Connection, WorkflowClient } from '@temporalio/client'
import { median } from '../src/stats/quantile.ts'
import { cpuSecondsOf, DevStack, writeShopProject } from './dev-stack.ts'
import { machine } from './in-turn.ts'
import { readRunTimes } from './run-times.ts'

const MAIN = resolve(import.meta.dirname, '../src/cli/main.ts')
/** Served by the counted workers alone: the one of `resegment dev` serves another. */
const TARGET = 'scale'
const SHARDS = 8
const COUNTS = [1, 2, 4] as const

interface Shared {
  readonly seconds: number
  /** In which a shard was at work. */
  readonly shardSeconds: number
  /** Of all workers together. */
  readonly cpuSeconds: number
}

/**
 * `npm run bench -- workers [CUSTOMERS [REPETITIONS]]`: the same run of 8 shards, shared by 1, 2 and 4 worker processes in turn. Each computes
 * with one thread, so that a second worker means a second core, and has a run behind it that does not count.
 */
export async function benchWorkers([customers = '50000', repetitions = '3']: readonly string[]): Promise<boolean> {
  console.error('bench: generating the shop and starting the servers')
  const stack = await DevStack.start((folder) => writeSplitShop(folder, Number(customers)))
  const connection = await Connection.connect({ address: stack.temporalAddress })
  const client = new WorkflowClient({ connection })
  const measured = new Map<number, Shared[]>(COUNTS.map((count) => [count, []]))
  try {
    await stack.command('migrate', '--target', TARGET)
    await withWorkers(stack, 1, () => stack.run('shop', '2026-07-01', '--target', TARGET))
    for (let repetition = 1; repetition <= Number(repetitions); repetition += 1)
      for (const count of COUNTS) {
        const run = await withWorkers(stack, count, (workers) => measure(stack, client, workers))
        measured.get(count)!.push(run)
        console.error(`bench: ${repetition} of ${repetitions}: ${count}: ${JSON.stringify(run)}`)
      }
  } finally {
    await connection.close()
    await stack.stop()
  }
  console.log(`${customers} customers, ${SHARDS} shards, second quarter; ${machine()}\n\n${tableOf(measured)}`)
  return false
}

async function writeSplitShop(folder: string, customers: number): Promise<void> {
  await writeShopProject(folder, { customers, pace: 5 })
  change(join(folder, 'pipelines/shop.yaml'), 'customers: customers }', `customers: customers, shards: ${SHARDS} }`)
  const target = `  ${TARGET}: { schema: segmentation_${TARGET}, prefix: ${TARGET}/, embedded: true }\n`
  change(join(folder, 'resegment.yaml'), 'targets:\n', `targets:\n${target}`)
}

function change(file: string, text: string, instead: string): void {
  const before = readFileSync(file, 'utf8')
  if (!before.includes(text)) throw new Error(`${file} has no "${text}".`)
  writeFileSync(file, before.replace(text, instead))
}

async function withWorkers<T>(
  { folder }: DevStack,
  count: number,
  use: (workers: readonly ChildProcess[]) => Promise<T>,
): Promise<T> {
  const workers = Array.from({ length: count }, () =>
    spawn(process.execPath, [MAIN, 'worker', '--target', TARGET, '--project', folder, '--compute-slots', '1'], {
      env: { ...process.env, RESEGMENT_THREADS: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  try {
    // The first thing that a worker says is that it polls.
    await Promise.all(workers.map((worker) => once(worker.stdout!, 'data')))
    return await use(workers)
  } finally {
    await Promise.all(
      workers.map(async (worker) => {
        const exited = once(worker, 'exit')
        worker.kill('SIGTERM')
        await exited
      }),
    )
  }
}

async function measure(stack: DevStack, client: WorkflowClient, workers: readonly ChildProcess[]): Promise<Shared> {
  const run = () => stack.run('shop', '2026-10-01', '--revision', 'next', '--target', TARGET)
  await run()
  const cpuSeconds = (): number => workers.reduce((sum, { pid }) => sum + cpuSecondsOf(pid!), 0)
  const before = cpuSeconds()
  const { totalMs, shardsMs } = await readRunTimes(client, await run())
  return { seconds: totalMs / 1000, shardSeconds: shardsMs / 1000, cpuSeconds: cpuSeconds() - before }
}

function tableOf(measured: ReadonlyMap<number, readonly Shared[]>): string {
  const alone = measured.get(1)!
  const rows = [...measured].map(([count, runs]) => {
    const ratios = (['seconds', 'shardSeconds', 'cpuSeconds'] as const).map((what) =>
      [least, median].map((of) => (of(valuesOf(runs, what)) / of(valuesOf(alone, what))).toFixed(2)).join(', '),
    )
    const figures = (['seconds', 'shardSeconds', 'cpuSeconds'] as const).map((what) =>
      [least, median].map((of) => of(valuesOf(runs, what)).toFixed(2)).join(', '),
    )
    return `| ${[count, ...ratios, ...figures].join(' | ')} |`
  })
  return [
    '| workers | run ÷ that of one: min, median | its shards | CPU | run, s | its shards, s | CPU s |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function valuesOf(runs: readonly Shared[], what: keyof Shared): readonly number[] {
  return runs.map((run) => run[what])
}

function least(values: readonly number[]): number {
  return Math.min(...values)
}
