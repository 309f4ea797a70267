import { setTimeout as pause } from 'node:timers/promises'
import * as grpc from '@grpc/grpc-js'
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TemporalAccess } from '../../src/client/connect.ts'
import { followRun } from '../../src/client/follow-run.ts'
import { startRun } from '../../src/client/start-run.ts'
import { makeDefinition } from '../workflows/definition.ts'
import { Scene } from '../workflows/scene.ts'

/** Refuses the first call of a method as an overloaded server does, and counts the later ones. */
function refuseOnce(method: string): { readonly interceptor: grpc.Interceptor; readonly passed: () => number } {
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
  return { interceptor, passed: () => calls - 1 }
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
})
