import type { Character } from '../../../run/segment-plan.ts'

/** How a segment differs from all other customers: Cohen's d of four features; null: the pipeline has no such feature. */
export interface CharacterFigures {
  /** Time since the last purchase: above 0 they have been away for longer. */
  readonly recency: number | null
  /** Number of orders. */
  readonly frequency: number | null
  /** What they spent. */
  readonly monetary: number | null
  /** Time since the first purchase. */
  readonly tenure: number | null
}

/** Cohen (1988): what a small, a medium and a large effect is. */
const [SMALL, MEDIUM, LARGE] = [0.2, 0.5, 0.8]

interface Rule {
  readonly character: Character
  readonly because: string
  readonly fits: (figures: Required<{ [K in keyof CharacterFigures]: number }>) => boolean
}

/**
 * The first that fits is it. The characters are those of recency, frequency and monetary value (Hughes, Strategic Database Marketing, 1994),
 * told by effect sizes instead of quintiles, since segments are compared and not customers.
 */
const rules: readonly Rule[] = [
  {
    character: 'dormant',
    because: 'They have been away for far longer than all others.',
    fits: ({ recency }) => recency >= LARGE,
  },
  {
    character: 'at_risk',
    because: 'They bought more than others, and have been away for longer.',
    fits: ({ recency, frequency, monetary }) => recency >= SMALL && Math.max(frequency, monetary) >= SMALL,
  },
  {
    character: 'champions',
    because: 'They order clearly more often than others, and spend clearly more.',
    fits: ({ frequency, monetary }) => frequency >= MEDIUM && monetary >= MEDIUM,
  },
  {
    character: 'big_spenders',
    because: 'They spend clearly more than others, with not so many orders.',
    fits: ({ monetary }) => monetary >= MEDIUM,
  },
  {
    character: 'loyal',
    because: 'They order clearly more often than others.',
    fits: ({ frequency }) => frequency >= MEDIUM,
  },
  {
    character: 'new',
    because: 'They have been customers for a clearly shorter time, and bought lately.',
    fits: ({ tenure, recency }) => tenure <= -MEDIUM && recency < SMALL,
  },
  {
    character: 'occasional',
    because: 'They order less often than others, or spend less.',
    fits: ({ frequency, monetary }) => Math.min(frequency, monetary) <= -SMALL,
  },
]

/** What kind of customers a segment holds, and why. What is not known counts as the average. */
export function findCharacter(figures: CharacterFigures): { readonly character: Character; readonly because: string } {
  const known = Object.values(figures).some((figure) => figure !== null)
  if (!known) return { character: 'core', because: 'No feature says how recently, how often or for how much they buy.' }
  const { recency, frequency, monetary, tenure } = figures
  const filled = { recency: recency ?? 0, frequency: frequency ?? 0, monetary: monetary ?? 0, tenure: tenure ?? 0 }
  const { character, because } = rules.find(({ fits }) => fits(filled)) ?? {
    character: 'core' as const,
    because: 'They buy about as recently, as often and for as much as all others.',
  }
  return { character, because }
}
