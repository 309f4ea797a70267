import type { Insertable } from 'kysely'
import type { SegmentCampaign } from '../../run/segment-campaign.ts'
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

export interface SegmentCampaignTable {
  publication_id: number
  position: number
  segment_key: string | null
  campaign: string
  customers: number | null
  responses: number | null
  response_rate: number | null
  lower_bound: number | null
  upper_bound: number | null
  cost: number | null
  attributed: number | null
  return_on_spend: number | null
  currency: string | null
  is_suppressed: boolean
}

export function campaignRow(
  { lower, upper, segmentKey, responseRate, returnOnSpend, isSuppressed, ...found }: SegmentCampaign,
  position: number,
): Omit<Insertable<SegmentCampaignTable>, 'publication_id'> {
  return {
    ...found,
    ...{ position, segment_key: segmentKey, response_rate: responseRate, lower_bound: lower, upper_bound: upper },
    ...{ return_on_spend: returnOnSpend, is_suppressed: isSuppressed },
  }
}
