import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { MetricMeter } from '@temporalio/common'

/** Heartbeats and polls go through the main thread: one that hangs this long has lost activities to their time-outs. */
const HANGS_AFTER_MS = 60_000
/** Later than this and heartbeats are in danger: worth a line in the log. */
const LAGS_AFTER_MS = 5_000

export interface ProcessWatch {
  /** Undefined while the process does its work in time; else what is wrong. */
  problem(): string | undefined
  stop(): void
}

export interface ProcessWatchOptions {
  readonly meter: MetricMeter
  readonly everyMs: number
  onLag(lagMs: number): void
  /** Not before the first period: until then the process has begun nothing. */
  readonly onMemory?: ((residentBytes: number) => void) | undefined
}

/** Measures memory and delay of the event loop, and tells when the main thread does not come to its heartbeats. */
export function watchProcess({ meter, everyMs, onLag, onMemory }: ProcessWatchOptions): ProcessWatch {
  const memory = meter.createGauge('resegment_process_resident_bytes', 'int', 'bytes', 'Resident memory of the worker')
  const lag = meter.createGauge(
    'resegment_event_loop_lag_seconds',
    'float',
    's',
    'Longest delay of the main thread since it was measured last',
  )
  const histogram = monitorEventLoopDelay({ resolution: 20 })
  histogram.enable()
  let longestMs = 0
  const measure = (): number => {
    longestMs = histogram.max / 1e6
    histogram.reset()
    lag.set(longestMs / 1000)
    const residentBytes = process.memoryUsage.rss()
    memory.set(residentBytes)
    if (longestMs > LAGS_AFTER_MS) onLag(longestMs)
    return residentBytes
  }
  measure()
  const timer = setInterval(() => {
    const residentBytes = measure()
    onMemory?.(residentBytes)
  }, everyMs)
  timer.unref()
  return {
    problem: () =>
      longestMs > HANGS_AFTER_MS ? `The main thread hung for ${Math.round(longestMs / 1000)} seconds.` : undefined,
    stop() {
      clearInterval(timer)
      histogram.disable()
    },
  }
}
