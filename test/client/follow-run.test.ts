import { setTimeout as pause } from 'node:timers/promises'
import * as grpc from '@grpc/grpc-js'
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { interceptorsUntil } from '../../src/client/closing-calls.ts'
import type { TemporalAccess } from '../../src/client/connect.ts'
import { followRun } from '../../src/client/follow-run.ts'
import { startRun } from '../../src/client/start-run.ts'
import { makeDefinition } from '../workflows/definition.ts'
import { Scene } from '../workflows/scene.ts'

/** Refuses the first call of a method as an overloaded server does, and counts the later ones. */
function refuseOnce(method: string): {
  readonly interceptor: grpc.Interceptor
  readonly asked: () => number
  readonly passed: () => number
} {
  let calls = 0
  const interceptor: grpc.Interceptor = (options, nextCall) => {
    const isFirst = options.method_definition.path.endsWith(`/${method}`) && calls++ === 0
    if (!isFirst) return new grpc.InterceptingCall(nextCall(options))
    const status = { code: grpc.status.UNAVAILABLE, details: 'shard status unknown', metadata: new grpc.Metadata() }
    const start: grpc.Requester['start'] = (_metadata, listener) => {
      // As of a call that ends without an answer.
      listener.onReceiveMessage?.(null)
      listener.onReceiveStatus?.(status)
    }
    return new grpc.InterceptingCall(nextCall(options), {
      start,
      sendMessage: () => undefined,
      halfClose: () => undefined,
    })
  }
  return { interceptor, asked: () => calls, passed: () => calls - 1 }
}

describe('following a run', () => {
  let scene: Scene
  let connection: Connection
  const listening = refuseOnce('GetWorkflowExecutionHistory')

  beforeAll(async () => {
    scene = await Scene.open()
    connection = await Connection.connect({
      address: scene.access.address,
      interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), listening.interceptor],
    })
  })
  afterAll(async () => {
    await connection.close()
    await scene.close()
  })

  it('stops when it is told, also where the server refused to be listened to at first', async () => {
    const access: TemporalAccess = { ...scene.access, connection, client: new Client({ connection }) }
    const definition = makeDefinition({ targetName: scene.newTarget() })
    // No worker serves it: it goes on for as long as the test lasts, as a held run does.
    const { workflowId } = await startRun(access, { definition, asOf: '2026-10-01', revision: 1 })
    const following = followRun(access, workflowId)
    await following.next()
    await expect.poll(listening.passed, { timeout: 30_000 }).toBe(1)
    const stopped = following.return().then(() => 'stopped')
    expect(await Promise.race([stopped, pause(60_000, 'goes on')])).toBe('stopped')
    await scene.access.client.workflow.getHandle(workflowId).terminate()
  })

  it('ends with its connection, also where the server was about to be listened to again', async () => {
    const refused = refuseOnce('GetWorkflowExecutionHistory')
    const closing = await Connection.connect({
      address: scene.access.address,
      // Closed before the SDK can ask again, however busy the machine is.
      interceptors: [...interceptorsUntil(() => refused.asked() > 0), refused.interceptor],
    })
    const listening = new Client({ connection: closing }).workflow.getHandle('nobody').result()
    listening.catch(() => {}) // Nobody waits for it.
    await vi.waitUntil(() => refused.asked() > 0, { timeout: 30_000, interval: 5 })
    await closing.close()
    // What a timer throws, Vitest counts as a failure. The SDK waits for a tenth of a second before it asks again.
    await pause(500)
    expect(refused.passed()).toBe(0)
  })
})
