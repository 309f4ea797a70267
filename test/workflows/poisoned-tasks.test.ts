import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startRun } from '../../src/client/start-run.ts'
import { taskQueuesOf } from '../../src/plan/target-names.ts'
import { makeDefinition } from './definition.ts'
import { Scene } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

/** What JavaScript lets throw. */
const ODD: readonly (() => unknown)[] = [
  () => undefined,
  () => 'no error at all',
  () => Symbol('odd'),
  () => Object.assign(new Error('goes round'), { cause: circular() }),
  () =>
    Object.defineProperty(new Error(), 'message', {
      get(): never {
        throw new Error('even the message throws')
      },
    }),
  () => Object.create(null),
]

it('an activity that throws anything at all is tried again, and the worker goes on', async () => {
  const target = scene.newTarget()
  const definition = makeDefinition({ targetName: target })
  const thrown = new Set<string>()
  const before = (name: string, [input]: readonly unknown[]): void => {
    if (name !== 'planRun') return
    const { asOf } = input as { asOf: string }
    if (thrown.has(asOf)) return
    thrown.add(asOf)
    throw ODD[new Date(asOf).getUTCDate() - 1]!()
  }
  await scene.withWorkers(target, { before }, async () => {
    // All at once: a run waits five seconds for its second attempt.
    const ends = ODD.map(async (_, index) => {
      const asOf = `2026-10-${String(index + 1).padStart(2, '0')}T12:00:00Z`
      const { workflowId } = await startRun(scene.access, { definition, asOf, revision: 1 })
      return (await scene.ended(workflowId)).status?.status
    })
    expect(await Promise.all(ends)).toEqual(ODD.map(() => 'published'))
  })
  expect(thrown.size).toBe(ODD.length)
})

it('a workflow task that cannot be read, or that nobody knows, harms no other run', async () => {
  const target = scene.newTarget()
  const { client, namespace } = scene.access
  const start = async (type: string, data: string, encoding = 'json/plain'): Promise<string> => {
    const workflowId = `${target}/poisoned-${randomUUID()}`
    await client.workflowService.startWorkflowExecution({
      namespace,
      workflowId,
      requestId: randomUUID(),
      workflowType: { name: type },
      taskQueue: { name: taskQueuesOf(target).workflow },
      input: { payloads: [{ metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data) }] },
    })
    return workflowId
  }
  await scene.withWorkers(target, {}, async ({ calls }) => {
    const poisoned = [
      await start('segmentCustomers', '\u0000\u0001', 'binary/encrypted'),
      await start('segmentCustomers', '{"definition": '),
      await start('segmentCustomers', 'null'),
      await start('segmentCustomers', '{"definition": 7}'),
      await start('nobodyKnows', '{}'),
    ]
    try {
      const { end } = await scene.ended(await scene.start(target))
      expect(end?.how).toBe('completed')
      // None of them came so far as to do something.
      expect(calls.filter((name) => name === 'publishSegmentation')).toHaveLength(1)
    } finally {
      for (const workflowId of poisoned)
        await client.workflow
          .getHandle(workflowId)
          .terminate()
          .catch(() => undefined) // It ended as failed.
    }
  })
})

function circular(): object {
  const one: { other?: object } = {}
  one.other = one
  return one
}
