import { noCorrections, type Corrections } from './corrections.ts'
import { customersOf, guessCustomers } from './guess-customers.ts'
import { guessPurchases, readPurchases, type PurchaseGuess } from './guess-purchases.ts'
import { guessRole, missingOf } from './guess-role.ts'
import { guessOf, hasColumn, type GuessedRole, type LookedPlace, type SourceGuess } from './guesses.ts'
import { lookUpCampaigns } from './look-up-campaigns.ts'

/** What no place says, so that nobody can be segmented by it. */
export interface NobodyFound {
  /** The role that the columns are missing for. */
  readonly role: GuessedRole
  readonly missing: readonly string[]
  /** The place that comes closest. */
  readonly nearest: LookedPlace
}

/**
 * What each place is to the pipeline: one has the purchases, others are looked things up in, one has attributes of customers, others say
 * what customers did, answered, and were sent. A place without a use comes last, with role `none`.
 *
 * @returns what is missing when nobody is there to segment
 */
export function guessSources(
  places: readonly LookedPlace[],
  corrections: Corrections = noCorrections,
): readonly SourceGuess[] | NobodyFound {
  const said = ({ name }: LookedPlace): GuessedRole | undefined => corrections.roles[name]
  const read = places.map((place) => {
    const purchases = readPurchases(place, corrections)
    return { place, purchases, signed: guessRole(place, purchases, corrections) }
  })
  const open = read.filter(({ signed }) => !signed)
  const purchases = findPurchases(open, said)
  if (purchases && isBroken(purchases, said(purchases.primary.place)))
    return { role: 'transactions', missing: purchases.missing, nearest: purchases.primary.place }
  const bought = purchases?.missing.length === 0 ? [...purchases.primaries, ...purchases.lookups] : []
  const isFree = (place: LookedPlace, ...roles: readonly GuessedRole[]): boolean =>
    !bought.some((source) => source.place === place) && roles.includes(said(place) ?? roles[0]!)
  const rest = open.map(({ place }) => place)
  const signed = lookUpCampaigns(
    read.flatMap((one) => one.signed ?? []),
    rest.filter((place) => isFree(place, 'lookup')),
    corrections,
  )
  const broken = signed.find((source) => said(source.place) !== undefined && missingOf(source).length > 0)
  if (broken) return { role: broken.role, missing: missingOf(broken), nearest: broken.place }
  const whole = signed.filter((source) => missingOf(source).length === 0)
  const unread = rest.filter((place) => isFree(place, 'customers') && !whole.some((source) => source.place === place))
  const customers =
    guessCustomers(unread, [...bought, ...whole], corrections) ?? (bought.length > 0 ? undefined : customersOf(whole))
  if (bought.length === 0 && !customers) return nobody(places, purchases)
  const used = [...bought, ...(customers ? [customers] : []), ...whole]
  const others = places.filter((place) => !used.some((source) => source.place === place))
  return [...used, ...others.map((place) => unused(place, signed, said(place)))]
}

type ReadPlace = { readonly place: LookedPlace; readonly purchases: SourceGuess }

/** Purchases, and further places with the same columns: another year, another shop. */
function findPurchases(
  open: readonly ReadPlace[],
  said: (place: LookedPlace) => GuessedRole | undefined,
): (PurchaseGuess & { readonly primaries: readonly SourceGuess[] }) | undefined {
  const named = open.filter(({ place }) => said(place) === 'transactions')
  const able = (role: GuessedRole) =>
    open.filter(({ place }) => (said(place) ?? role) === role).map((one) => one.purchases)
  const candidates = named.length > 0 ? named.map((one) => one.purchases) : able('transactions')
  const found = guessPurchases(candidates, able('lookup'))
  if (!found) return undefined
  const header = (place: LookedPlace): string => JSON.stringify(place.columns.map(({ name }) => name))
  const { primary, lookups } = found
  const alike = candidates.filter(
    ({ place }) =>
      place !== primary.place &&
      (header(place) === header(primary.place) || named.length > 0) &&
      !lookups.some((lookup) => lookup.place === place),
  )
  const because = `the same columns as ${primary.name}`
  const primaries = [
    primary,
    ...alike.map((one) =>
      header(one.place) === header(primary.place) ? { ...one, because, lookups: primary.lookups } : one,
    ),
  ]
  return { ...found, primaries, missing: [...new Set([...found.missing, ...primaries.flatMap(missingOf)])] }
}

/** Orders that lack one thing are not passed over: the file that has it was forgotten. */
function isBroken({ primary, missing }: PurchaseGuess, said: GuessedRole | undefined): boolean {
  if (missing.length === 0) return false
  return said === 'transactions' || (missing.length === 1 && hasColumn(primary, 'order_id') && !primary.hasMadeOrders)
}

function nobody(places: readonly LookedPlace[], purchases: PurchaseGuess | undefined): NobodyFound {
  const { primary, missing = ['customer_id'] } = purchases ?? {}
  const nearest = primary?.place ?? places[0]!
  if (primary && guessOf(primary, 'customer_id')) return { role: 'transactions', missing, nearest }
  return { role: 'customers', missing: ['customer_id'], nearest }
}

function unused(place: LookedPlace, signed: readonly SourceGuess[], said: GuessedRole | undefined): SourceGuess {
  const half = signed.find((source) => source.place === place)
  const because =
    said === 'none'
      ? 'as you say'
      : place.sampledRows === 0
        ? 'it has no rows'
        : half
          ? `it looks like ${half.role}, but has no ${missingOf(half).join(', ')}`
          : 'nothing in it belongs to customers, or is one row for each thing that the others name'
  return { name: place.name, place, role: 'none', because, columns: [], lookups: [], hasMadeOrders: false }
}
