import { Context } from '@temporalio/activity'
import type { StageRows } from '../run/run-status.ts'

/** Tells those who watch the worker how long the activity took that ended a stage, and how many rows the stage saw. */
export function measureStage(pipeline: string, seconds: number, counts: StageRows): void {
  const { metricMeter } = Context.current()
  const tags = { pipeline, stage: counts.stage }
  metricMeter
    .createHistogram('resegment_stage_seconds', 'float', 's', 'Time of the activity that ended the stage')
    .record(seconds, tags)
  const rows = metricMeter.createGauge('resegment_stage_rows', 'int', 'rows', 'Rows of the stage, last time')
  rows.set(counts.rowsIn, { ...tags, kind: 'read' })
  rows.set(counts.rowsOut, { ...tags, kind: 'written' })
  rows.set(counts.rejected, { ...tags, kind: 'rejected' })
}
