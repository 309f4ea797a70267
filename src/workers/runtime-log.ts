import { DefaultLogger, type LogLevel, makeTelemetryFilterString, Runtime } from '@temporalio/worker'
import { pino } from 'pino'

export interface LogOptions {
  /** `trace`, `debug`, `info`, `warn`, `error`. */
  readonly level: string
  /** `stderr`, or the path of a file that is appended to. */
  readonly destination: string
}

let isInstalled = false

/** Logs of the SDK and of activities as JSON lines. The runtime is one a process: later calls change nothing. */
export function installRuntime({ level, destination }: LogOptions): void {
  if (isInstalled) return
  isInstalled = true
  const log = pino(
    { level, base: null },
    destination === 'stderr' ? pino.destination(2) : pino.destination({ dest: destination, append: true, mkdir: true }),
  )
  const logger = new DefaultLogger(temporalLevel(level), ({ level: entryLevel, message, meta }) => {
    log[entryLevel.toLowerCase() as Lowercase<LogLevel>]({ ...meta }, message)
  })
  Runtime.install({
    logger,
    // Signals are the program's business: it stops its servers too.
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN' }) } },
  })
}

function temporalLevel(level: string): LogLevel {
  const name = level.toUpperCase()
  return name === 'TRACE' || name === 'DEBUG' || name === 'WARN' || name === 'ERROR' ? name : 'INFO'
}
