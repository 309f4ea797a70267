import { totalmem } from 'node:os'

/** What this process may take: of its container, where that has a limit, else of the machine. */
export function machineMemoryBytes(): number {
  const constrained = process.constrainedMemory()
  // Without a limit Node tells an absurd one, or none.
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem()
}
