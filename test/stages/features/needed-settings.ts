import type { CatalogueEntry } from '../../../src/stages/features/catalogue/entry.ts'

/** Of settings that have no default. */
const examples: Readonly<Record<string, unknown>> = {
  column: 'income',
  question: 'goal',
  items: ['a', 'b'],
  options: ['x', 'y'],
}

/** What a feature cannot do without. */
export function neededSettings({ settings = {} }: CatalogueEntry): object {
  const needed = Object.entries(settings).filter(([, schema]) => !schema.safeParse(undefined).success)
  return Object.fromEntries(needed.map(([key]) => [key, examples[key]]))
}
