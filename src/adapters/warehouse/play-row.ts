import type { Insertable } from 'kysely'
import type { SegmentPlan } from '../../run/segment-plan.ts'

export interface SegmentPlayTable {
  publication_id: number
  position: number
  segment_key: string
  character: string
  because: string
  message: string
  messaging: string
  offer: string
  channels: string[]
  /** JSON. */
  content: string
  /** JSON. */
  journey: string
  sales_priority: string
  territory: string
  account: string
  own: string[]
}

/** The plan of a segment as the warehouse keeps it. */
export function playRow(plan: SegmentPlan, position: number): Omit<Insertable<SegmentPlayTable>, 'publication_id'> {
  const { segmentKey, salesPriority, channels, content, journey, own, ...texts } = plan
  return {
    ...texts,
    ...{ position, segment_key: segmentKey, sales_priority: salesPriority },
    ...{ channels: [...channels], own: [...own] },
    ...{ content: JSON.stringify(content), journey: JSON.stringify(journey) },
  }
}
