/** What runs are found by in Temporal. Ids and words only: these are never encrypted. */
export const searchAttributes = {
  /** `shop` */
  pipeline: { name: 'ResegmentPipeline', type: 'KEYWORD' },
  /** `shop@2026-10-01~1` */
  run: { name: 'ResegmentRun', type: 'KEYWORD' },
  /** ISO 8601, UTC: as text in the order of time. */
  asOf: { name: 'ResegmentAsOf', type: 'KEYWORD' },
  /** The stage at work, or the last one. */
  stage: { name: 'ResegmentStage', type: 'KEYWORD' },
  /** The run's state once it is not `running` any more. */
  outcome: { name: 'ResegmentOutcome', type: 'KEYWORD' },
} as const

export type SearchAttributeName = keyof typeof searchAttributes
