import { cpus } from 'node:os'
import { Connection, WorkflowClient } from '@temporalio/client'
import { median } from '../src/stats/quantile.ts'
import { benchChoose, benchForecast, benchMixture } from './choose.ts'
import { benchCompare } from './compare.ts'
import { DevStack, writeShopProject, type ShopSize } from './dev-stack.ts'
import { benchExtract } from './extract.ts'
import { benchFar } from './far.ts'
import { benchCleanse, benchFeatures } from './features.ts'
import { benchHistory } from './history.ts'
import { benchIdle } from './idle.ts'
import { benchKMeans } from './kmeans.ts'
import { benchPublish } from './publish.ts'
import { benchReport } from './report.ts'
import { benchScore } from './score.ts'
import { benchUpload } from './upload.ts'
import { readRunTimes, type RunTimes } from './run-times.ts'
import { benchWhole } from './whole.ts'
import { benchWorkers } from './workers.ts'

interface Benchmark {
  readonly title: string
  readonly size: ShopSize
  readonly repetitions: number
  /** Targets of the product, in milliseconds. */
  readonly targets?: { readonly totalMs: number; readonly temporalMs: number }
}

const benchmarks: Readonly<Record<string, Benchmark>> = {
  small: {
    title: '2,000 customers, 80,000 lines, second quarter, servers and worker up',
    size: { customers: 2_000, pace: 1 },
    repetitions: 7,
    targets: { totalMs: 3_000, temporalMs: 1_000 },
  },
  record: {
    title: '100,000 customers, 0.9 million lines, second quarter, servers and worker up',
    size: { customers: 100_000, pace: 5 },
    repetitions: 3,
  },
}

/** Benchmarks of a single step, each with arguments of its own; @returns whether a target was missed. */
const steps: Readonly<Record<string, (args: readonly string[]) => boolean | Promise<boolean>>> = {
  kmeans: benchKMeans,
  choose: benchChoose,
  mixture: benchMixture,
  forecast: benchForecast,
  extract: benchExtract,
  cleanse: benchCleanse,
  features: benchFeatures,
  report: benchReport,
  score: benchScore,
  compare: benchCompare,
  publish: benchPublish,
  history: benchHistory,
  upload: benchUpload,
  whole: benchWhole,
  idle: benchIdle,
  workers: benchWorkers,
  far: benchFar,
}

const name = process.argv[2] ?? 'small'
const benchmark = benchmarks[name]
const step = steps[name]
if (!benchmark && !step) {
  const names = [...Object.keys(benchmarks), ...Object.keys(steps)].join(', ')
  console.error(`There is no benchmark ${name}. There are: ${names}.`)
  process.exit(2)
}
const missed = benchmark ? await measure(benchmark) : await step!(process.argv.slice(3))
process.exitCode = missed ? 1 : 0

/** @returns whether the fastest run missed a target */
async function measure({ title, size, repetitions, targets }: Benchmark): Promise<boolean> {
  console.error(`bench: generating the shop and starting the servers`)
  const stack = await DevStack.start((folder) => writeShopProject(folder, size))
  try {
    const connection = await Connection.connect({ address: stack.temporalAddress })
    const client = new WorkflowClient({ connection })
    const times: RunTimes[] = []
    await stack.run('shop', '2026-07-01')
    for (let repetition = 1; repetition <= repetitions; repetition += 1) {
      const status = await stack.run('shop', '2026-10-01', ...(repetition === 1 ? [] : ['--revision', 'next']))
      times.push(await readRunTimes(client, status))
      console.error(`bench: run ${repetition} of ${repetitions}: ${seconds(times.at(-1)!.totalMs)} s`)
    }
    await connection.close()
    console.log(`${title}\n${cpus().length} cores, Node ${process.version}, ${repetitions} runs, seconds\n`)
    console.log(table(times, targets))
    return targets !== undefined && fastest(times.map((it) => it.totalMs)) > targets.totalMs
  } finally {
    await stack.stop()
  }
}

function table(times: readonly RunTimes[], targets: Benchmark['targets']): string {
  const types = [...new Set(times.flatMap((it) => Object.keys(it.activityMs)))]
  const rows: (readonly [string, readonly number[], number?])[] = [
    ...types.map((type) => [type, times.map((it) => it.activityMs[type] ?? 0)] as const),
    ['Temporal (no activity runs)', times.map((it) => it.temporalMs), targets?.temporalMs],
    ['whole run', times.map((it) => it.totalMs), targets?.totalMs],
  ]
  return [
    '| step | min | median | target |',
    '|---|---|---|---|',
    ...rows.map(
      ([step, values, target]) =>
        `| ${step} | ${seconds(fastest(values))} | ${seconds(median(values))} | ${target === undefined ? '' : `≤ ${seconds(target)}`} |`,
    ),
  ].join('\n')
}

function fastest(values: readonly number[]): number {
  return Math.min(...values)
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}
