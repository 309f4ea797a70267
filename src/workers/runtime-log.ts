import {
  DefaultLogger,
  type LogLevel,
  makeTelemetryFilterString,
  type PrometheusMetricsExporter,
  Runtime,
} from '@temporalio/worker'
import { pino, stdSerializers } from 'pino'
import type { ListenAddress } from '../wiring/listen.ts'

export interface LogOptions {
  /** `trace`, `debug`, `info`, `warn`, `error`. */
  readonly level: string
  /** `stderr`, or the path of a file that is appended to. */
  readonly destination: string
}

/** Upper bounds in seconds: what is quick, what takes minutes, and what waits for a day. */
const SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 86_400]

/** Kept with the process, as the SDK's runtime is: this module may be loaded more than once in it. */
const INSTALLED = Symbol.for('resegment.temporal-runtime')
const ofProcess = globalThis as { [INSTALLED]?: true }

/**
 * Logs of the SDK and of activities as JSON lines, metrics of both for Prometheus where an address is given. The runtime is one a process:
 * later calls change nothing.
 */
export function installRuntime({ level, destination }: LogOptions, metrics?: ListenAddress): void {
  if (ofProcess[INSTALLED]) return
  ofProcess[INSTALLED] = true
  const log = pino(
    // By default an error under any other key than `err` is logged as {}.
    { level, base: null, serializers: { error: stdSerializers.err } },
    destination === 'stderr' ? pino.destination(2) : pino.destination({ dest: destination, append: true, mkdir: true }),
  )
  const logger = new DefaultLogger(temporalLevel(level), ({ level: entryLevel, message, meta }) => {
    log[entryLevel.toLowerCase() as Lowercase<LogLevel>]({ ...meta }, message)
  })
  Runtime.install({
    logger,
    // Signals are the program's business: it stops its servers too.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN' }) },
      ...(metrics && { metrics: { prometheus: prometheusAt(metrics) } }),
    },
  })
}

function prometheusAt({ host, port }: ListenAddress): PrometheusMetricsExporter['prometheus'] {
  return {
    bindAddress: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    countersTotalSuffix: true,
    useSecondsForDurations: true,
    // The SDK's own end at a minute.
    histogramBucketOverrides: {
      resegment_stage_seconds: SECONDS,
      temporal_activity_execution_latency: SECONDS,
      temporal_activity_succeed_endtoend_latency: SECONDS,
      temporal_workflow_endtoend_latency: SECONDS,
    },
  }
}

function temporalLevel(level: string): LogLevel {
  const name = level.toUpperCase()
  return name === 'TRACE' || name === 'DEBUG' || name === 'WARN' || name === 'ERROR' ? name : 'INFO'
}
