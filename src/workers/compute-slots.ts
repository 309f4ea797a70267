/** Node, the SDK, workflows and the threads of the kernels, before anything is computed. */
const AT_REST_BYTES = 512 * 1024 ** 2
/** A computing activity takes as much outside its engine session as in it: coordinates, labels, files that are read back. */
const TIMES_THE_ENGINE = 2

export interface SlotsRoom {
  /** What the process may take. */
  readonly memoryBytes: number
  /** What one engine session may take. */
  readonly engineBytes: number
  readonly cores: number
}

/** How many computing activities a machine has the memory for: at least one, and no more than half its cores, since each uses all of them. */
export function slotsThatFit({ memoryBytes, engineBytes, cores }: SlotsRoom): number {
  const byMemory = Math.floor((memoryBytes - AT_REST_BYTES) / (TIMES_THE_ENGINE * engineBytes))
  return Math.max(1, Math.min(byMemory, Math.floor(cores / 2)))
}

/** What so many computing activities take. */
export function bytesOfSlots(slots: number, engineBytes: number): number {
  return AT_REST_BYTES + slots * TIMES_THE_ENGINE * engineBytes
}
