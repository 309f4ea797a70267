import type { MoveReason } from '../../run/transition.ts'

/** Views that we read ourselves. */
export interface HistoryView {
  pipeline: string
  customer_id: string
  segment_key: string
  segment_name: string
  valid_from: string
  valid_to: string | null
  published_from: string
  published_to: string | null
  run_key: string
  move_reason: MoveReason
  is_holdout: boolean
}

export interface CustomerSegmentsView {
  pipeline: string
  customer_id: string
  segment_key: string
  segment_name: string
  layer: string
  confidence: number | null
  distance: number | null
  next_segment_key: string | null
  is_outlier: boolean
  is_holdout: boolean
  since: string
  as_of: string
  period: string
  run_key: string
}
