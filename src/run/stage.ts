/** The stages of a run, in order. The same six words in YAML keys, folders, activities, metrics and report. */
export const stageNames = ['extract', 'cleanse', 'features', 'cluster', 'validate', 'publish'] as const

export type StageName = (typeof stageNames)[number]

/** The stages that write nothing for consumers: how far a dry run can go. */
export const dryStageNames = stageNames.filter((stage) => stage !== 'publish')

export type DryStageName = (typeof dryStageNames)[number]
