import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Connection, WorkflowClient } from '@temporalio/client'
import { DevStack } from './dev-stack.ts'
import { machine } from './in-turn.ts'
import { loadOrderLines, writeOrderLines } from './order-lines.ts'
import { readRunTimes } from './run-times.ts'

const TARGETS = { seconds: 5, megabytes: 2 }
const QUARTERS = ['2026-07-01', '2026-10-01'] as const
const LINES_A_CUSTOMER = 10

/**
 * `npm run bench -- report [CUSTOMERS [REPETITIONS]]`: what the report of a large run takes. Two quarters are published; then the command
 * `resegment report` makes the page of the second, in a process of its own each time. The stages that count and draw it are told too.
 */
export async function benchReport(args: readonly string[]): Promise<boolean> {
  const [customers = 1_000_000, repetitions = 5] = args.map(Number)
  const folder = mkdtempSync(join(tmpdir(), 'resegment-report-'))
  const lines = customers * LINES_A_CUSTOMER
  console.error(`bench: generating ${lines} order lines and starting the servers`)
  const path = join(folder, 'lines.parquet')
  await writeOrderLines(path, lines, customers)
  const stack = await DevStack.start((project) => {
    cpSync(join(import.meta.dirname, 'lines'), project, { recursive: true })
    return Promise.resolve()
  })
  try {
    await loadOrderLines(stack.warehouse, path)
    const stages = await runQuarters(stack)
    const page = join(folder, 'report.html')
    const times: number[] = []
    // The first is a warm-up.
    for (let i = 0; i <= repetitions; i++) {
      const startedMs = performance.now()
      await stack.command('report', 'whole', '--output', page)
      times.push((performance.now() - startedMs) / 1000)
    }
    const counted = times.slice(1).sort((a, b) => a - b)
    const [fastest, median] = [counted[0]!, counted[counted.length >> 1]!]
    const megabytes = readFileSync(page).length / 1e6
    console.log(`report of ${customers} customers, ${lines} order lines, second quarter; ${machine()}\n`)
    console.log('| | | target |\n|---|---|---|')
    console.log(
      `| \`resegment report\`, s: min, median | ${fastest.toFixed(2)}, ${median.toFixed(2)} | < ${TARGETS.seconds} |`,
    )
    console.log(`| page, MB | ${megabytes.toFixed(2)} | < ${TARGETS.megabytes} |`)
    console.log(`\nOf the run: ${stages}.`)
    return fastest >= TARGETS.seconds || megabytes >= TARGETS.megabytes
  } finally {
    await stack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns seconds of each activity of the second quarter */
async function runQuarters(stack: DevStack): Promise<string> {
  const connection = await Connection.connect({ address: stack.temporalAddress })
  const client = new WorkflowClient({ connection })
  let text = ''
  for (const asOf of QUARTERS) {
    const { totalMs, activityMs } = await readRunTimes(client, await stack.run('whole', asOf))
    text = Object.entries({ ...activityMs, all: totalMs })
      .map(([name, ms]) => `${name} ${(ms / 1000).toFixed(2)} s`)
      .join(', ')
    console.error(`bench: ${asOf}: ${text}`)
  }
  await connection.close()
  return text
}
