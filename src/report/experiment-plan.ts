import { formatDifference, formatValue } from '../experiment/figures.ts'
import type { MetricKind } from '../experiment/outcomes.ts'
import type { ExperimentPlan, PlannedSample } from '../experiment/plan-experiment.ts'
import { formatCount } from '../run/figures.ts'
import { textTable } from './text-table.ts'

/** How many customers an experiment takes, and whether there are as many. */
export function experimentPlan(
  metric: string,
  kind: MetricKind,
  { overall, segments }: ExperimentPlan,
): readonly string[] {
  const rowOf = ({ segment, baseline, customers, needed, isEnough, findable, weeks }: PlannedSample) => [
    segment,
    formatValue(baseline, kind),
    formatCount(customers),
    Number.isFinite(needed) ? formatCount(needed) : 'no number',
    isEnough ? 'yes' : 'no',
    findable === null ? 'none' : formatDifference(findable, kind),
    weeks === null ? '' : formatCount(weeks),
  ]
  return [
    ...textTable(
      [
        { title: 'Segment' },
        { title: metric, align: 'right' },
        { title: 'Customers', align: 'right' },
        { title: 'Needed', align: 'right' },
        { title: 'Enough' },
        { title: 'They find', align: 'right' },
        { title: 'Weeks', align: 'right' },
      ],
      [overall, ...segments].map(rowOf),
    ),
    'Needed: of all arms together. They find: the smallest effect that those who are there show.',
  ]
}
