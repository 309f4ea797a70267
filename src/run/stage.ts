/** The stages of a run, in order. The same six words in YAML keys, folders, activities, metrics and report. */
export const stageNames = ['extract', 'cleanse', 'features', 'cluster', 'validate', 'publish'] as const

export type StageName = (typeof stageNames)[number]
