import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Connection, WorkflowClient } from '@temporalio/client'
import { DevStack } from './dev-stack.ts'
import { machine, pythonScript } from './in-turn.ts'
import { loadOrderLines, writeOrderLines } from './order-lines.ts'
import { readRunTimes } from './run-times.ts'

const TARGETS = { time: 0.45, memory: 0.7 }
const QUARTERS = ['2026-07-01', '2026-10-01'] as const
const LINES_A_CUSTOMER = 10

interface Whole {
  readonly seconds: number
  readonly rssMb: number
  readonly parts: Readonly<Record<string, number>>
}

/**
 * `npm run bench -- whole [CUSTOMERS]`: two quarters from order lines in Postgres to what consumers read, against a script of pandas,
 * scikit-learn and psql that does the same steps; servers up, and the second quarter counts. Needs psql, and Python with pandas and scikit-learn
 * (RESEGMENT_BENCH_PYTHON or python3).
 */
export async function benchWhole(args: readonly string[]): Promise<boolean> {
  const [customers = 100_000] = args.map(Number)
  const folder = mkdtempSync(join(tmpdir(), 'resegment-whole-'))
  console.error(`bench: generating ${customers * LINES_A_CUSTOMER} order lines and starting the servers`)
  const path = join(folder, 'lines.parquet')
  await writeOrderLines(path, customers * LINES_A_CUSTOMER, customers)
  const stack = await DevStack.start((project) => {
    cpSync(join(import.meta.dirname, 'lines'), project, { recursive: true })
    return Promise.resolve()
  })
  try {
    await loadOrderLines(stack.warehouse, path)
    const ours = await runOurs(stack)
    const peer = runPeer(stack.warehouse, folder)
    console.log(`whole run, ${customers} customers, second quarter; ${machine()}\n\n${tableOf(ours, peer)}`)
    return ours.seconds / peer.seconds > TARGETS.time || ours.rssMb / peer.rssMb > TARGETS.memory
  } finally {
    await stack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runOurs(stack: DevStack): Promise<Whole> {
  const connection = await Connection.connect({ address: stack.temporalAddress })
  const client = new WorkflowClient({ connection })
  const runs: Whole[] = []
  for (const asOf of QUARTERS) {
    const { totalMs, temporalMs, activityMs } = await readRunTimes(client, await stack.run('whole', asOf))
    const parts = Object.entries({ ...activityMs, 'no activity runs': temporalMs })
    runs.push({
      seconds: totalMs / 1000,
      rssMb: stack.workerMb(),
      parts: Object.fromEntries(parts.map(([name, ms]) => [name, ms / 1000])),
    })
    console.error(`bench: resegment, ${asOf}: ${runs.at(-1)!.seconds.toFixed(2)} s, ${stack.workerMb()} MB so far`)
  }
  await connection.close()
  return runs.at(-1)!
}

function runPeer(warehouse: string, folder: string): Whole {
  const runs = QUARTERS.map((asOf) => {
    const [program, ...args] = pythonScript('whole_peer.py', asOf, folder)
    const env = { ...process.env, WAREHOUSE_URL: warehouse }
    const text = execFileSync(program!, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] })
    console.error(`bench: script, ${asOf}: ${text.trim()}`)
    return JSON.parse(text.trim().split('\n').at(-1)!) as Whole
  })
  return runs.at(-1)!
}

function tableOf(ours: Whole, peer: Whole): string {
  const partsOf = ({ parts }: Whole): string =>
    Object.entries(parts)
      .map(([name, seconds]) => `${name} ${seconds.toFixed(2)}`)
      .join(', ')
  const row = (title: string, { seconds, rssMb }: Whole): string => `| ${title} | ${seconds.toFixed(2)} | ${rssMb} |`
  return [
    '| | s | MB |',
    '|---|---|---|',
    row('resegment', ours),
    row('pandas, scikit-learn, psql', peer),
    `| ours ÷ it | ${(ours.seconds / peer.seconds).toFixed(2)} | ${(ours.rssMb / peer.rssMb).toFixed(2)} |`,
    `\nresegment: ${partsOf(ours)}.`,
    `\nThe script: ${partsOf(peer)}.`,
  ].join('\n')
}
