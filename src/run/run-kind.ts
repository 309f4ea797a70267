/** A refit may form new segments; a score run places customers with the live model and can't. */
export const runKinds = ['refit', 'score'] as const

export type RunKind = (typeof runKinds)[number]
