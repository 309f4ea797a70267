import { expect, it } from 'vitest'
import { makeComputeGate } from '../../src/workers/compute-gate.ts'

type Supplier = ReturnType<typeof makeComputeGate>['supplier']
const context = {} as Parameters<Supplier['reserveSlot']>[0]
const never = new AbortController().signal

/** Asks for a slot, and tells what came of it so far. */
function ask(supplier: Supplier, signal = never): { answer: unknown } {
  const asked: { answer: unknown } = { answer: undefined }
  supplier.reserveSlot(context, signal).then(
    (permit) => (asked.answer = permit),
    (reason: unknown) => (asked.answer = reason),
  )
  return asked
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('gives so many slots, the next one when one comes back, and none while it is shut', async () => {
  const { supplier, shut, open } = makeComputeGate(2)
  const [first, second, third, fourth] = [ask(supplier), ask(supplier), ask(supplier), ask(supplier)]
  await settled()
  expect([first, second, third, fourth].map(({ answer }) => answer)).toEqual([{}, {}, undefined, undefined])
  expect(supplier.tryReserveSlot(context)).toBeNull()
  supplier.releaseSlot({ permit: {} })
  await settled()
  expect([third.answer, fourth.answer]).toEqual([{}, undefined])
  shut()
  supplier.releaseSlot({ permit: {} })
  await settled()
  expect(fourth.answer).toBeUndefined()
  expect(supplier.tryReserveSlot(context)).toBeNull()
  open()
  await settled()
  expect(fourth.answer).toEqual({})
})

it('forgets who no longer asks, and answers with the reason', async () => {
  const { supplier } = makeComputeGate(1)
  const gaveUp = new AbortController()
  ask(supplier)
  const second = ask(supplier, gaveUp.signal)
  const third = ask(supplier)
  gaveUp.abort()
  await settled()
  expect(second.answer).toBe(gaveUp.signal.reason)
  supplier.releaseSlot({ permit: {} })
  await settled()
  expect(third.answer).toEqual({})
})
