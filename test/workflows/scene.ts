import { randomUUID } from 'node:crypto'
import { NativeConnection, type Worker } from '@temporalio/worker'
import { connectTemporal, type TemporalAccess } from '../../src/client/connect.ts'
import { registerSearchAttributes } from '../../src/client/register-attributes.ts'
import { readRun, type RunView } from '../../src/client/read-run.ts'
import { retryRun } from '../../src/client/retry-run.ts'
import { startRun } from '../../src/client/start-run.ts'
import type { RunOptions } from '../../src/plan/run-plan.ts'
import { taskQueuesOf } from '../../src/plan/target-names.ts'
import type { StageName } from '../../src/run/stage.ts'
import type { WorkerVersion } from '../../src/run/worker-version.ts'
import { makeComputeGate } from '../../src/workers/compute-gate.ts'
import { createWorkers } from '../../src/workers/create-workers.ts'
import { loadWorkflowBundle } from '../../src/workers/workflow-bundle.ts'
import { installRuntime } from '../../src/workers/runtime-log.ts'
import { useStack } from '../use-stack.ts'
import { type DefinitionOptions, makeDefinition } from './definition.ts'
import { makeStubs, type StubOptions, type Stubs } from './stub-activities.ts'

/** A connection to the Temporal server of the test run, and a target of its own a test. */
export class Scene {
  readonly access: TemporalAccess
  private readonly connection: NativeConnection
  private readonly bundle: Awaited<ReturnType<typeof loadWorkflowBundle>>

  private constructor(access: TemporalAccess, connection: NativeConnection, bundle: Scene['bundle']) {
    this.access = access
    this.connection = connection
    this.bundle = bundle
  }

  static async open(): Promise<Scene> {
    installRuntime({ level: 'error', destination: 'stderr' })
    const access = await connectTemporal((await useStack()).environment.variables)
    await registerSearchAttributes(access)
    return new Scene(access, await NativeConnection.connect({ address: access.address }), await loadWorkflowBundle())
  }

  /** Letters and digits, used by nobody else. */
  newTarget(): string {
    return `t${randomUUID().replaceAll('-', '').slice(0, 12)}`
  }

  /** Runs `body` while workers with stubbed activities serve `targetName`. */
  async withWorkers<T>(
    targetName: string,
    { version, ...options }: StubOptions & { readonly version?: WorkerVersion },
    body: (stubs: Stubs) => Promise<T>,
  ): Promise<T> {
    const stubs = makeStubs(options)
    const workers = await createWorkers({
      connection: this.connection,
      namespace: this.access.namespace,
      taskQueues: taskQueuesOf(targetName),
      activities: { ...stubs.activities, ...options.sync, ...options.notices, ...options.erasure, ...options.review },
      workflowBundle: this.bundle,
      computeGate: makeComputeGate(8),
      ...(version && { version }),
      shutdownGraceTime: '100 milliseconds',
      // By night: test/nightly/uncached-workflows.nightly.ts.
      ...(process.env['RESEGMENT_TEST_UNCACHED'] ? { maxCachedWorkflows: 0 } : {}),
    })
    return runAll(workers, () => body(stubs))
  }

  /** Starts the run of the test definition as of 2026-10-01. @returns the Workflow Id */
  async start(
    targetName: string,
    approval?: DefinitionOptions['approval'],
    options: RunOptions = {},
    notify?: DefinitionOptions['notify'],
  ): Promise<string> {
    const definition = makeDefinition({ targetName, approval, notify })
    return (await startRun(this.access, { definition, asOf: '2026-10-01', revision: 1, options })).workflowId
  }

  /** Runs again from a stage on, as the UI does it: what was sent to the run is sent again. */
  async reset(workflowId: string, from: StageName): Promise<void> {
    await retryRun(this.access, workflowId, { from, reason: 'Test.', by: 'ada' })
  }

  /** What the Temporal UI shows as _Current Details_. */
  async page(workflowId: string): Promise<string> {
    const { currentDetails } = await this.access.client.workflow
      .getHandle(workflowId)
      .query<{ currentDetails: string }>('__temporal_workflow_metadata')
    return currentDetails
  }

  ended(workflowId: string): Promise<RunView> {
    return this.until(workflowId, ({ end }) => end !== null)
  }

  async until(workflowId: string, is: (view: RunView) => boolean): Promise<RunView> {
    for (;;) {
      const view = await readRun(this.access, workflowId)
      if (is(view)) return view
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async close(): Promise<void> {
    await this.connection.close()
    await this.access.close()
  }
}

async function runAll<T>(workers: readonly Worker[], body: () => Promise<T>): Promise<T> {
  const running = workers.map((worker) => worker.run())
  try {
    return await body()
  } finally {
    for (const worker of workers) worker.shutdown()
    await Promise.all(running)
  }
}
