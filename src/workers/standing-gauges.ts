import type { MetricMeter } from '@temporalio/common'
import type { PipelineStanding } from '../ports/warehouse-reader.ts'
import { runStates } from '../run/run-status.ts'
import { gateOutcomes } from '../run/verdict.ts'

export interface StandingGaugesOptions {
  readonly meter: MetricMeter
  readonly everyMs: number
  /** Of all pipelines that the worker can see. */
  read(): Promise<readonly PipelineStanding[]>
  onFailure(error: unknown): void
}

/**
 * Publishes how pipelines stand as metrics, read from the warehouse: so that they are right on a worker that has just started, and alike on
 * all of a target. A warehouse that can't be read leaves what was known, and is counted.
 *
 * @returns what stops it
 */
export function gaugeStandings({ meter, everyMs, read, onFailure }: StandingGaugesOptions): () => void {
  const gauge = (name: string, unit: string, description: string) => meter.createGauge(name, 'float', unit, description)
  const published = gauge(
    'resegment_published_timestamp_seconds',
    's',
    'When what consumers see was published, Unix time',
  )
  const asOf = gauge('resegment_as_of_timestamp_seconds', 's', 'As-of of what consumers see, Unix time')
  const staleAfter = gauge(
    'resegment_stale_after_timestamp_seconds',
    's',
    'When it should have been replaced, Unix time',
  )
  const verdict = gauge(
    'resegment_verdict',
    '',
    'Of what consumers see: 0 pass, 1 not computable, 2 warn, 3 hold, 4 fail',
  )
  const status = gauge('resegment_newest_run_status', '', '1 for the status that the newest run has')
  const since = gauge('resegment_newest_run_timestamp_seconds', 's', 'When the newest run started, Unix time')
  const customers = gauge('resegment_segment_customers', 'customers', 'Customers of each segment; 0 once it is retired')
  const failures = meter.createCounter(
    'resegment_standing_read_failures',
    'reads',
    'Times the warehouse could not be asked',
  )

  const show = (standing: PipelineStanding): void => {
    const tags = { pipeline: standing.pipeline }
    const instants = [
      [published, standing.publishedAt],
      [asOf, standing.asOf],
      [staleAfter, standing.staleAfter],
      [since, standing.since],
    ] as const
    for (const [instant, at] of instants) if (at !== null) instant.set(Date.parse(at) / 1000, tags)
    if (standing.verdict !== null) verdict.set(gateOutcomes.indexOf(standing.verdict), tags)
    // A gauge keeps what it was set to: the states the run is not in must be told too.
    for (const state of runStates) status.set(Number(state === standing.status), { ...tags, status: state })
    for (const segment of standing.segments)
      customers.set(segment.customers, { ...tags, segment_key: segment.segmentKey })
  }

  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  const look = async (): Promise<void> => {
    try {
      for (const standing of await read()) show(standing)
    } catch (error) {
      failures.add(1)
      onFailure(error)
    }
    if (isStopped) return
    timer = setTimeout(() => void look(), everyMs)
    timer.unref()
  }
  void look()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
