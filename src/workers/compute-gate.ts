import type { ActivitySlotInfo, CustomSlotSupplier } from '@temporalio/worker'

type Supplier = CustomSlotSupplier<ActivitySlotInfo>

/** Lets so many activities compute at once, and none begin while it is shut; those that run go on. */
export interface ComputeGate {
  readonly supplier: Supplier
  shut(): void
  open(): void
}

export function makeComputeGate(slots: number): ComputeGate {
  let isShut = false
  let reserved = 0
  const waiting = new Set<() => void>()
  const takePermit = (): object | null => {
    if (isShut || reserved >= slots) return null
    reserved++
    return {}
  }
  const letIn = (): void => {
    for (const admit of [...waiting]) {
      if (isShut || reserved >= slots) return
      waiting.delete(admit)
      reserved++
      admit()
    }
  }
  const supplier: Supplier = {
    type: 'custom',
    reserveSlot: (_context, signal) =>
      new Promise((resolve, reject) => {
        const permit = takePermit()
        if (permit) return resolve(permit)
        const give = (): void => {
          waiting.delete(admit)
          // The SDK takes nothing but the reason itself for an answer.
          reject(signal.reason as Error)
        }
        const admit = (): void => {
          signal.removeEventListener('abort', give)
          resolve({})
        }
        waiting.add(admit)
        signal.addEventListener('abort', give, { once: true })
      }),
    tryReserveSlot: takePermit,
    markSlotUsed: () => undefined,
    releaseSlot: () => {
      reserved--
      letIn()
    },
  }
  return {
    supplier,
    shut: () => void (isShut = true),
    open() {
      isShut = false
      letIn()
    },
  }
}
