import { setTimeout as sleep } from 'node:timers/promises'
import { Connection, WorkflowClient } from '@temporalio/client'
import { DevStack, writeShopProject } from './dev-stack.ts'
import { readRunTimes, type RunTimes } from './run-times.ts'

const MOST_EVENTS = 100

/**
 * What a worker costs while there is nothing to do, before its first run and after some, and what Temporal adds to a small run.
 *
 * @param args seconds at rest, runs
 * @returns whether the history of a run is longer than it may be
 */
export async function benchIdle([seconds = '60', repetitions = '5']: readonly string[]): Promise<boolean> {
  console.error('bench: generating the shop and starting the servers')
  const stack = await DevStack.start((folder) => writeShopProject(folder, { customers: 300, pace: 1 }))
  try {
    const connection = await Connection.connect({ address: stack.temporalAddress })
    const client = new WorkflowClient({ connection })
    const fresh = await rest(stack, Number(seconds))
    await stack.run('shop', '2026-07-01')
    const times: RunTimes[] = []
    for (let repetition = 1; repetition <= Number(repetitions); repetition += 1) {
      const status = await stack.run('shop', '2026-10-01', ...(repetition === 1 ? [] : ['--revision', 'next']))
      times.push(await readRunTimes(client, status))
    }
    const warm = await rest(stack, Number(seconds))
    await connection.close()
    const [total, temporal] = [times.map(({ totalMs }) => totalMs), times.map(({ temporalMs }) => temporalMs)].map(
      least,
    )
    const events = Math.max(...times.map((one) => one.events))
    console.log(`Worker at rest for ${seconds} s; ${times.length} runs of 300 customers, second quarter, one shard\n`)
    console.log(
      [
        '| | CPU s a minute | MB |',
        '|---|---|---|',
        `| worker before its first run | ${fresh.cpuSecondsAMinute} | ${fresh.rssMb} |`,
        `| worker after ${times.length + 1} runs | ${warm.cpuSecondsAMinute} | ${warm.rssMb} |`,
        '',
        `A run: ${inSeconds(total!)} s, of which ${inSeconds(temporal!)} s no activity ran; ${events} events (fewer than ${MOST_EVENTS} wanted).`,
      ].join('\n'),
    )
    return events >= MOST_EVENTS
  } finally {
    await stack.stop()
  }
}

async function rest(stack: DevStack, seconds: number): Promise<{ cpuSecondsAMinute: string; rssMb: number }> {
  // What it does once, as it starts or as a run ends, is no rest.
  await sleep(10_000)
  const before = stack.workerCpuSeconds()
  await sleep(seconds * 1000)
  const used = stack.workerCpuSeconds() - before
  return { cpuSecondsAMinute: ((used * 60) / seconds).toFixed(2), rssMb: stack.workerRssMb() }
}

function least(values: readonly number[]): number {
  return Math.min(...values)
}

function inSeconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}
