import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import pg from 'pg'
import { allDefinitions } from '../../src/cli/find-definition.ts'
import { prepareServers } from '../../src/cli/prepare-servers.ts'
import { withTemporal } from '../../src/cli/servers.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import type { RunStatus } from '../../src/run/run-status.ts'
import { useStack } from '../use-stack.ts'

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts')
const WORKER_READY = /ready/i

export interface CliResult {
  readonly code: number | null
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
   */
  static async open(target: string, files: Readonly<Record<string, string>>, from?: string): Promise<TestProject> {
    const project = new TestProject(target, (await useStack()).overrides)
    if (from) cpSync(from, project.folder, { recursive: true })
    for (const [name, text] of Object.entries(files)) project.write(name, text)
    return project
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true })
    writeFileSync(join(this.folder, name), text)
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8')
  }

  /** Runs the command line as a user would, in this project and target. */
  cli(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<CliResult> {
    const child = spawn(process.execPath, [MAIN, ...args, '--target', this.target, '--project', this.folder], {
      env: { ...process.env, ...this.variables, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return finished(child)
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

  /** Starts a worker process and waits until it polls. */
  async startWorker(
    variables: Readonly<Record<string, string>> = {},
    options: readonly string[] = [],
  ): Promise<WorkerProcess> {
    const command = [MAIN, 'worker', '--target', this.target, '--project', this.folder, ...options]
    const child = spawn(process.execPath, command, {
      env: { ...process.env, ...this.variables, ...variables },
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
    return {
      exited,
      output: () => output,
      stop: async () => {
        child.kill('SIGTERM')
        await exited
      },
    }
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
  output(): string
  stop(): Promise<void>
}

async function finished(child: ChildProcess): Promise<CliResult> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const code = await new Promise<number | null>((done) => child.once('close', (exit) => done(exit)))
  return { code, stdout, stderr }
}
