import { missingOf } from './guess-role.ts'
import { guessColumns } from './guess-columns.ts'
import type { Corrections } from './corrections.ts'
import { guessOf, hasColumn, isUnique, type LookedPlace, type SourceGuess } from './guesses.ts'
import { rolePatterns } from './role-patterns.ts'

// What a campaign cost in all is not what each of its contacts cost.
const OF_CAMPAIGN = ['occurred_at', 'channel'] as const

/** Contacts take from a table of campaigns what they do not say themselves: when it was, and by which channel. */
export function lookUpCampaigns(
  signed: readonly SourceGuess[],
  open: readonly LookedPlace[],
  corrections: Corrections,
): readonly SourceGuess[] {
  const [table] = open.flatMap((place) => {
    const columns = guessColumns(place, rolePatterns.touches, corrections.columns[place.name])
    const campaign = guessOf({ columns }, 'campaign')
    return campaign && isUnique(place, campaign.from) && !guessOf({ columns }, 'customer_id')
      ? [{ place, columns }]
      : []
  })
  if (!table) return signed
  const brought = new Set<string>()
  const found = signed.map((source) => {
    if (source.role !== 'touches') return source
    const taken = OF_CAMPAIGN.filter((column) => !hasColumn(source, column) && guessOf(table, column))
    if (taken.length === 0 || missingOf(source).some((column) => column !== 'occurred_at')) return source
    for (const column of taken) brought.add(column)
    return { ...source, lookups: [{ source: table.place.name, on: 'campaign', columns: taken }] }
  })
  if (brought.size === 0) return signed
  const lookup: SourceGuess = {
    name: table.place.name,
    place: table.place,
    role: 'lookup',
    because: 'one row for each campaign of the touches',
    columns: table.columns.filter(({ column }) => column === 'campaign' || brought.has(column)),
    lookups: [],
    hasMadeOrders: false,
  }
  return [...found, lookup]
}
