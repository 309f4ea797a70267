/** A refit may form new segments; a score run places customers with the live model and can't. */
export const runKinds = ['refit', 'score'] as const

export type RunKind = (typeof runKinds)[number]

/** How a publication came about: of a run, or of segments that were made elsewhere and adopted. */
export type RecordedKind = RunKind | 'adopted'
