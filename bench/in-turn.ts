import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { median } from '../src/stats/quantile.ts'

/** What a process measured of itself, as its last line of JSON. */
interface Measured {
  readonly seconds: number
  /** CPU time of all threads: on a busy machine the better measure. */
  readonly cpuSeconds: number
  readonly rssMb: number
  /** Seconds by part of the work. */
  readonly parts?: Readonly<Record<string, number>>
  /** Figures that contenders of one question must agree about. */
  readonly check?: Readonly<Record<string, number>>
}

/** One way to do the same work, in a process of its own. */
export interface Contender {
  readonly title: string
  /** Program and arguments. @param repetition from 1 */
  readonly command: (repetition: number) => readonly string[]
  /** Times that it runs; what is so slow that once tells enough. Default: as often as all. */
  readonly most?: number
  /** What to tidy away after each run. */
  readonly after?: () => void
}

export type Measurements = ReadonlyMap<Contender, readonly Measured[]>

const PYTHON = process.env.RESEGMENT_BENCH_PYTHON ?? 'python3'
export const nodeScript = (name: string, ...args: readonly string[]): readonly string[] => [
  process.execPath,
  `${import.meta.dirname}/${name}`,
  ...args,
]
export const pythonScript = (name: string, ...args: readonly string[]): readonly string[] => [
  PYTHON,
  `${import.meta.dirname}/${name}`,
  ...args,
]

/** Runs all contenders in turn, A B C A B C, so that a machine that changes its speed changes it for all. One that cannot run is left out. */
export function measureInTurn(contenders: readonly Contender[], repetitions: number): Measurements {
  const measured = new Map<Contender, Measured[]>(contenders.map((contender) => [contender, []]))
  for (let repetition = 1; repetition <= repetitions; repetition++)
    for (const [contender, runs] of measured) {
      if (repetition > (contender.most ?? repetitions)) continue
      const run = runOne(contender, repetition)
      contender.after?.()
      if (run) runs.push(run)
      else measured.delete(contender)
      const said = run
        ? `${run.seconds.toFixed(2)} s, CPU ${run.cpuSeconds.toFixed(2)} s, ${run.rssMb} MB`
        : 'not there'
      console.error(`bench: ${repetition} of ${repetitions}: ${contender.title}: ${said}`)
    }
  return measured
}

function runOne({ command }: Contender, repetition: number): Measured | undefined {
  const [file, ...args] = command(repetition)
  try {
    const text = execFileSync(file!, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    return JSON.parse(text.trim().split('\n').at(-1)!) as Measured
  } catch (error) {
    const { stderr, status, signal } = error as { stderr?: string; status?: number | null; signal?: string | null }
    const lines = (stderr?.trim() || String(error)).split('\n')
    const said = lines.find((line) => line.includes('Error')) ?? lines[0]
    console.error(`bench: ${said} (exit ${signal ?? status ?? 'none'})`)
    return undefined
  }
}

/** @returns a table of ratios, ours first in each; seconds and CPU seconds as minimum and median */
export function tableOf(measured: Measurements, ours: Contender): string {
  const own = measured.get(ours)!
  const rows = [...measured].map(([contender, runs]) => {
    const ratios = (['seconds', 'cpuSeconds'] as const).map(
      (what) => `${ratio(own, runs, what, least)}, ${ratio(own, runs, what, median)}`,
    )
    const figures = (['seconds', 'cpuSeconds'] as const).map(
      (what) => `${least(valuesOf(runs, what)).toFixed(2)}, ${median(valuesOf(runs, what)).toFixed(2)}`,
    )
    const memory = Math.max(...runs.map(({ rssMb }) => rssMb))
    return `| ${[contender.title, ...ratios, ...figures, memory].join(' | ')} |`
  })
  return [
    '| | ours ÷ it: min, median | of CPU | s: min, median | CPU s | MB |',
    '|---|---|---|---|---|---|',
    ...rows,
    ...[...measured].flatMap(([{ title }, runs]) =>
      runs[0]?.parts ? [`\n${title}, its parts, least seconds: ${partsOf(runs)}.`] : [],
    ),
    ...disagreements(measured),
  ].join('\n')
}

/** Ratio of the least seconds of two contenders; undefined when one was not there. */
export function ratioOf(measured: Measurements, ours: Contender, other: Contender): number | undefined {
  const [a, b] = [measured.get(ours), measured.get(other)]
  return a && b ? least(valuesOf(a, 'seconds')) / least(valuesOf(b, 'seconds')) : undefined
}

export function machine(): string {
  return `${cpus().length} cores, Node ${process.version}`
}

function partsOf(runs: readonly Measured[]): string {
  const names = Object.keys(runs[0]!.parts!)
  return names.map((name) => `${name} ${least(runs.map(({ parts }) => parts![name]!)).toFixed(2)}`).join(', ')
}

/** Contenders that computed something else than the first. */
function disagreements(measured: Measurements): readonly string[] {
  const checked = [...measured].flatMap(([{ title }, runs]) =>
    runs.slice(0, 1).flatMap(({ check }) => (check ? [{ title, check }] : [])),
  )
  const [first, ...others] = checked
  return others.flatMap(({ title, check }) =>
    Object.entries(first!.check).flatMap(([name, value]) =>
      Math.abs(check[name]! - value) <= 1e-6 * Math.abs(value)
        ? []
        : [`\n${title}: ${name} is ${check[name]}, not ${value}.`],
    ),
  )
}

function ratio(
  own: readonly Measured[],
  runs: readonly Measured[],
  what: 'seconds' | 'cpuSeconds',
  of: (values: readonly number[]) => number,
): string {
  return (of(valuesOf(own, what)) / of(valuesOf(runs, what))).toFixed(2)
}

function valuesOf(runs: readonly Measured[], what: 'seconds' | 'cpuSeconds'): readonly number[] {
  return runs.map((run) => run[what])
}

function least(values: readonly number[]): number {
  return Math.min(...values)
}
