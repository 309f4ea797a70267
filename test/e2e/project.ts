import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { allDefinitions } from '../../src/cli/find-definition.ts'
import { prepareServers } from '../../src/cli/prepare-servers.ts'
import { runCommand } from '../../src/cli/run-command.ts'
import { withTemporal } from '../../src/cli/servers.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import type { RunStatus } from '../../src/run/run-status.ts'
import { runWorkers } from '../../src/workers/run-workers.ts'
import { useStack } from '../use-stack.ts'
import { describeOpenRuns } from './open-runs.ts'

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts')
const WORKER_READY = /ready/i
/** Several times the slowest, and shorter than a test may last: what hangs is described. */
const LONGEST_COMMAND_MS = 480_000

export interface CliResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A project folder with its own Postgres schema, S3 prefix and task queues on the stack of the test run. */
export class TestProject {
  readonly folder: string
  target: string
  schema: string
  readonly variables: Record<string, string>
  private readonly workers = new Set<ChildProcess>()
  private readonly running = new Set<() => Promise<void>>()

  private constructor(target: string, variables: Readonly<Record<string, string>>) {
    this.folder = mkdtempSync(join(tmpdir(), `resegment-${target}-`))
    this.target = target
    this.schema = `segmentation_${target}`
    this.variables = { ...variables }
  }

  /**
   * @param target names schema, prefix and queues; letters and digits, not used by another test
   * @param files name → text
   * @param from a folder copied first
   * @param servers variables that lead to other servers than those of the test run
   */
  static async open(
    target: string,
    files: Readonly<Record<string, string>>,
    from?: string,
    servers?: Readonly<Record<string, string>>,
  ): Promise<TestProject> {
    const project = new TestProject(target, servers ?? (await useStack()).overrides)
    if (from) cpSync(from, project.folder, { recursive: true })
    for (const [name, text] of Object.entries(files)) project.write(name, text)
    return project
  }

  /**
   * For tests that erase customers: copies of artifacts that hold one go from the machine's cache, also from under the hands of the workers of other tests.
   */
  keepCacheApart(): void {
    const cacheFolder = join(this.folder, 'cache')
    mkdirSync(cacheFolder)
    symlinkSync(join(readEnvironment().cacheFolder, 'servers'), join(cacheFolder, 'servers'))
    this.variables.RESEGMENT_CACHE = cacheFolder
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true })
    writeFileSync(join(this.folder, name), text)
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8')
  }

  /** Runs the command line as a user would, in this project and target; in this process, which has it loaded. */
  async cli(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<CliResult> {
    let stdout = ''
    let stderr = ''
    const command = runCommand([...args, '--target', this.target, '--project', this.folder], {
      variables: { ...this.variables, ...variables },
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
    })
    const waiting = new AbortController()
    const code = await Promise.race([
      command,
      pause(LONGEST_COMMAND_MS, undefined, { signal: waiting.signal }).catch(() => undefined),
    ]).finally(() => waiting.abort())
    if (code === undefined) {
      const pending = await describeOpenRuns(this.variables, this.target)
      throw new Error(`resegment ${args.join(' ')} does not end.\n${stdout}\n${stderr}\n${pending}`)
    }
    return { code, stdout, stderr }
  }

  /** What the command does, without a process of its own: for tests of something else. */
  async migrate(): Promise<void> {
    const environment = readEnvironment(this.variables)
    const definitions = allDefinitions({ projectFolder: this.folder, targetName: this.target })
    await withTemporal(environment, (access) => prepareServers({ environment }, access, definitions))
  }

  /** `run … --json`, parsed. @throws with the whole output when it did not exit with `code` */
  async run(args: readonly string[], code = 0): Promise<RunStatus> {
    const result = await this.cli(['run', ...args, '--json'])
    if (result.code !== code) throw new Error(`exit ${result.code}\n${result.stdout}\n${result.stderr}`)
    return JSON.parse(result.stdout) as RunStatus
  }

  /** Starts a worker in this process, which has the engine and the SDK loaded. Resolves when it polls. */
  async startWorker(variables: Readonly<Record<string, string>> = {}): Promise<Pick<WorkerProcess, 'stop'>> {
    const workers = await runWorkers({
      environment: readEnvironment({ ...this.variables, ...variables }),
      targetName: this.target,
      log: { level: 'error', destination: 'stderr' },
    })
    const stop = (): Promise<void> => workers.shutdown().finally(() => this.running.delete(stop))
    this.running.add(stop)
    return { stop }
  }

  /** Starts a worker as a process of its own, for tests that kill it or read what it prints. Resolves when it polls. */
  async startWorkerProcess(
    variables: Readonly<Record<string, string>> = {},
    options: readonly string[] = [],
  ): Promise<WorkerProcess> {
    const command = [MAIN, 'worker', '--target', this.target, '--project', this.folder, ...options]
    const child = spawn(process.execPath, command, {
      env: { ...process.env, ...this.variables, RESEGMENT_TEST: '1', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.workers.add(child)
    let output = ''
    const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
    await new Promise<void>((ready, failed) => {
      const look = (chunk: Buffer): void => {
        output += chunk.toString()
        if (WORKER_READY.test(output)) ready()
      }
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      void exited.then((code) => failed(new Error(`worker exited with ${code}\n${output}`)))
    })
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      child.kill(signal)
      await exited
    }
    return { pid: child.pid!, exited, output: () => output, end, stop: () => end('SIGTERM') }
  }

  /** Reads the warehouse; the schema of this project's target comes first on the search path. */
  async sql<Row extends object>(query: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.variables.WAREHOUSE_URL })
    await client.connect()
    try {
      await client.query(`set search_path to "${this.schema}", public`)
      return (await client.query<Row>(query, [...values])).rows
    } finally {
      await client.end()
    }
  }

  /** The same folder seen through another target of its `resegment.yaml`. */
  as(target: string, schema: string): TestProject {
    const other = Object.create(TestProject.prototype, Object.getOwnPropertyDescriptors(this)) as TestProject
    other.target = target
    other.schema = schema
    return other
  }

  async stopWorkers(): Promise<void> {
    await Promise.all([...this.running].map((stop) => stop()))
    await Promise.all(
      [...this.workers].map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const exited = new Promise((done) => child.once('exit', done))
        child.kill('SIGTERM')
        await exited
      }),
    )
  }

  async close(): Promise<void> {
    await this.stopWorkers()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export interface WorkerProcess {
  /** The exit code; null after a signal. */
  readonly exited: Promise<number | null>
  readonly pid: number
  output(): string
  end(signal: NodeJS.Signals): Promise<void>
  stop(): Promise<void>
}
