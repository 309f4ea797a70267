export const objectives = ['retention', 'value', 'growth'] as const
export type Objective = (typeof objectives)[number]

/** A line of YAML with what is to be said about it. */
export interface ChosenLine {
  readonly value: unknown
  readonly because: string
}

/** Gates: how much may change before a person looks. */
export function chooseGates(objective: Objective): readonly (readonly [string, unknown, string])[] {
  const smallest = ['smallestSegment', { hold: { below: 0.01 } }, 'too few to act on'] as const
  switch (objective) {
    case 'retention':
      return [
        ['membershipChurn', { warn: { above: 0.2 }, hold: { above: 0.35 } }, 'campaigns need segments that last'],
        smallest,
      ]
    case 'value':
      return [['membershipChurn', { warn: { above: 0.15 }, hold: { above: 0.3 } }, 'value changes slowly'], smallest]
    case 'growth':
      return [
        ['membershipChurn', { warn: { above: 0.3 }, hold: { above: 0.5 } }, 'growth means that customers move'],
        smallest,
      ]
  }
}
