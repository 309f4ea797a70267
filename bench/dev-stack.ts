import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeDemoShop } from '../src/demo/write-demo-shop.ts'
import type { RunStatus } from '../src/run/run-status.ts'

const REPOSITORY = resolve(import.meta.dirname, '..')
const MAIN = join(REPOSITORY, 'src/cli/main.ts')
const START_LIMIT_MS = 15 * 60_000
const POLL_MS = 250
/** Of Linux, on every architecture. */
const TICKS_A_SECOND = 100

export interface ShopSize {
  readonly customers: number
  /** See `writeDemoShop`. */
  readonly pace: number
}

/** The demo shop, and nobody there to approve a held run; the gate is computed all the same. */
export async function writeShopProject(folder: string, size: ShopSize): Promise<void> {
  mkdirSync(join(folder, 'pipelines'))
  cpSync(join(REPOSITORY, 'resegment.yaml'), join(folder, 'resegment.yaml'))
  const pipeline = readFileSync(join(REPOSITORY, 'pipelines/shop.yaml'), 'utf8')
  writeFileSync(join(folder, 'pipelines/shop.yaml'), pipeline.replace(', hold: { above: 0.35 }', ''))
  await writeDemoShop({ folder: join(folder, '.resegment/demo'), ...size })
}

/** A project in a folder of its own, with servers and a warm worker, as `resegment dev` gives them. */
export class DevStack {
  readonly folder: string
  private readonly dev: ChildProcess
  private document = ''
  private log = ''
  /** `host:port` of Temporal. */
  temporalAddress = ''
  /** Address of the warehouse. */
  warehouse = ''

  private constructor(folder: string) {
    this.folder = folder
    this.dev = spawn(process.execPath, [MAIN, 'dev', '--json', '--project', folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.dev.stdout?.on('data', (chunk: Buffer) => (this.document += chunk.toString()))
    this.dev.stderr?.on('data', (chunk: Buffer) => (this.log += chunk.toString()))
  }

  /** @param writeProject writes the project into an empty folder */
  static async start(writeProject: (folder: string) => Promise<void>): Promise<DevStack> {
    const folder = mkdtempSync(join(tmpdir(), 'resegment-bench-'))
    await writeProject(folder)
    const stack = new DevStack(folder)
    try {
      await stack.ready()
    } catch (error) {
      await stack.stop()
      throw error
    }
    return stack
  }

  /** A run, followed to its end. */
  async run(pipeline: string, asOf: string, ...options: readonly string[]): Promise<RunStatus> {
    return JSON.parse(await this.command('run', pipeline, '--as-of', asOf, ...options)) as RunStatus
  }

  /** Most memory that the worker's process had, without the servers. */
  workerMb(): number {
    const status = readFileSync(`/proc/${this.dev.pid!}/status`, 'utf8')
    return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) / 1024)
  }

  /** Memory that the worker's process has now, without the servers. */
  workerRssMb(): number {
    const status = readFileSync(`/proc/${this.dev.pid!}/status`, 'utf8')
    return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024)
  }

  /** CPU time that the worker's process has used, without the servers. */
  workerCpuSeconds(): number {
    return cpuSecondsOf(this.dev.pid!)
  }

  async stop(): Promise<void> {
    if (this.dev.exitCode === null && this.dev.signalCode === null) {
      const exited = new Promise((done) => this.dev.once('exit', done))
      this.dev.kill('SIGTERM')
      await exited
    }
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** `dev --json` prints its one document when everything is up. */
  private async ready(): Promise<void> {
    for (const startedMs = performance.now(); performance.now() - startedMs < START_LIMIT_MS; await sleep(POLL_MS)) {
      if (this.dev.exitCode !== null) throw new Error(`resegment dev ended with ${this.dev.exitCode}:\n${this.log}`)
      if (!this.document.trimEnd().endsWith('}')) continue
      const { temporal, warehouse } = JSON.parse(this.document) as { temporal: string; warehouse: string }
      this.warehouse = warehouse
      this.temporalAddress = temporal.replace(/^[a-z]+:\/\//, '')
      return
    }
    throw new Error(`resegment dev was not ready in time:\n${this.log}`)
  }

  /** Any command of the project. @returns its JSON */
  async command(...args: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, [MAIN, ...args, '--project', this.folder, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const code = await new Promise<number | null>((done) => child.once('close', (exit) => done(exit)))
    if (code !== 0) throw new Error(`resegment ${args.join(' ')}: exit ${code}\n${stdout}\n${stderr}`)
    return stdout
  }
}

/** CPU time that a process has used, all of its threads together. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // Behind the name, which may have blanks in it; times are the 14th and 15th field, in ticks.
  const [userTicks, systemTicks] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return (userTicks! + systemTicks!) / TICKS_A_SECOND
}
