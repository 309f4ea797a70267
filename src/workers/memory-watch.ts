import type { Logger, MetricMeter } from '@temporalio/common'
import type { ComputeGate } from './compute-gate.ts'

export interface MemoryWatchOptions {
  /** Resident memory from which on no activity begins to compute. */
  readonly limitBytes: number
  readonly gate: Pick<ComputeGate, 'shut' | 'open'>
  /** Activities that compute now. */
  readonly computing: () => number
  /** Nothing computes, and the memory is not given back: only a new process helps. */
  readonly onFull: () => void
  readonly meter: MetricMeter
  readonly logger: Pick<Logger, 'warn' | 'info' | 'error'>
}

export interface MemoryWatch {
  look(residentBytes: number): void
  /** Why nothing computes now. */
  problem(): string | undefined
}

/**
 * Keeps a worker from being killed for its memory, with everything that it has at work: what computes is let finish, nothing new begins.
 * Once it is done the memory is mostly given back, and the worker goes on; else it asks to be replaced.
 */
export function makeMemoryWatch(options: MemoryWatchOptions): MemoryWatch {
  const { limitBytes, gate, computing, onFull, meter, logger } = options
  const limit = meter.createGauge(
    'resegment_process_memory_limit_bytes',
    'int',
    'bytes',
    'Resident memory from which on the worker begins to compute nothing',
  )
  const held = meter.createGauge('resegment_compute_held', 'int', '1', '1 while the worker computes nothing new')
  limit.set(limitBytes)
  held.set(0)
  let isHeld = false
  let isFull = false
  return {
    look(residentBytes) {
      const isOver = residentBytes > limitBytes
      const facts = { residentBytes, limitBytes, computing: computing() }
      if (isOver && !isHeld) {
        gate.shut()
        logger.warn('Memory is over its limit: nothing more is computed until what runs has finished', facts)
      }
      if (!isOver && isHeld && !isFull) {
        gate.open()
        logger.info('Memory is below its limit again: computing goes on', facts)
      }
      isHeld = isOver || isFull
      held.set(isHeld ? 1 : 0)
      if (!isOver || isFull || facts.computing > 0) return
      isFull = true
      logger.error('Memory is not given back although nothing computes: the worker ends, to be started anew', facts)
      onFull()
    },
    problem: () => (isHeld ? 'Memory is over its limit.' : undefined),
  }
}
