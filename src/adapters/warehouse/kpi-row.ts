import type { Insertable } from 'kysely'
import type { SegmentKpi } from '../../run/segment-kpi.ts'

export interface SegmentKpiTable {
  publication_id: number
  position: number
  segment_key: string | null
  kpi: string
  period: string
  period_start: string
  period_end: string
  unit: string
  value: number | null
  lower_bound: number | null
  upper_bound: number | null
  customers: number | null
  difference: number | null
  difference_lower: number | null
  difference_upper: number | null
  is_suppressed: boolean
  is_lead: boolean
}

/** A figure as the warehouse keeps it. */
export function kpiRow(kpi: SegmentKpi, position: number): Omit<Insertable<SegmentKpiTable>, 'publication_id'> {
  return {
    position,
    segment_key: kpi.segmentKey,
    kpi: kpi.kpi,
    period: kpi.period.name,
    period_start: kpi.period.start,
    period_end: kpi.period.end,
    unit: kpi.unit,
    value: kpi.value,
    lower_bound: kpi.lower,
    upper_bound: kpi.upper,
    customers: kpi.customers,
    difference: kpi.difference,
    difference_lower: kpi.differenceLower,
    difference_upper: kpi.differenceUpper,
    is_suppressed: kpi.isSuppressed,
    is_lead: kpi.isLead,
  }
}
