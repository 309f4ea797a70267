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

export interface ShopSize {
  readonly customers: number
  /** See `writeDemoShop`. */
  readonly pace: number
}

/** The demo project in a folder of its own, with servers and a warm worker, as `resegment dev` gives them. */
export class DevStack {
  private readonly folder: string
  private readonly dev: ChildProcess
  private document = ''
  private log = ''
  /** `host:port` of Temporal. */
  temporalAddress = ''

  private constructor(folder: string) {
    this.folder = folder
    this.dev = spawn(process.execPath, [MAIN, 'dev', '--json', '--project', folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.dev.stdout?.on('data', (chunk: Buffer) => (this.document += chunk.toString()))
    this.dev.stderr?.on('data', (chunk: Buffer) => (this.log += chunk.toString()))
  }

  static async start(size: ShopSize): Promise<DevStack> {
    const folder = mkdtempSync(join(tmpdir(), 'resegment-bench-'))
    mkdirSync(join(folder, 'pipelines'))
    cpSync(join(REPOSITORY, 'resegment.yaml'), join(folder, 'resegment.yaml'))
    // Nobody is there to approve a held run; the gate is computed all the same.
    const pipeline = readFileSync(join(REPOSITORY, 'pipelines/shop.yaml'), 'utf8')
    writeFileSync(join(folder, 'pipelines/shop.yaml'), pipeline.replace(', hold: { above: 0.35 }', ''))
    await writeDemoShop({ folder: join(folder, '.resegment/demo'), ...size })
    const stack = new DevStack(folder)
    try {
      await stack.ready()
    } catch (error) {
      await stack.stop()
      throw error
    }
    return stack
  }

  /** `run shop`, followed to its end. */
  async run(asOf: string, ...options: readonly string[]): Promise<RunStatus> {
    return JSON.parse(await this.command('run', 'shop', '--as-of', asOf, ...options)) as RunStatus
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
      const { temporal } = JSON.parse(this.document) as { temporal: string }
      this.temporalAddress = temporal.replace(/^[a-z]+:\/\//, '')
      return
    }
    throw new Error(`resegment dev was not ready in time:\n${this.log}`)
  }

  private async command(...args: readonly string[]): Promise<string> {
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
