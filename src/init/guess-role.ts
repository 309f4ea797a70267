import type { SourceRole } from '../run/data-roles.ts'
import { roles } from '../run/data-roles.ts'
import { plainName } from './column-names.ts'
import type { Corrections } from './corrections.ts'
import { guessColumns } from './guess-columns.ts'
import { hasColumn, type ColumnGuess, type LookedPlace, type SourceGuess } from './guesses.ts'
import { rolePatterns } from './role-patterns.ts'

type SignedRole = Exclude<SourceRole, 'transactions' | 'customers'>

/** More columns than this, and a table is about something else and has a consent or a currency beside. */
const FEW_COLUMNS = 6

interface Signature {
  readonly role: SignedRole
  /** Canonical columns by which the role is known. */
  readonly by: readonly string[]
  readonly isSo?: (place: LookedPlace) => boolean
}

const isNarrow = ({ columns }: LookedPlace): boolean => columns.length <= FEW_COLUMNS
const isCalled = (pattern: RegExp) => (place: LookedPlace) => pattern.test(plainName(place.name))

/** Two ids and little else: a log of events has an anonymous id beside the one of the user. */
const isPairs = (place: LookedPlace): boolean =>
  place.columns.length <= 3 || (isNarrow(place) && isCalled(/merge|identit|alias|mapping|xref|link|dedup/)(place))

/** In the order of trust: what can hardly be anything else comes first. */
const signatures: readonly Signature[] = [
  { role: 'rates', by: ['currency', 'rate', 'occurred_at'], isSo: isNarrow },
  { role: 'identities', by: ['other_id', 'customer_id'], isSo: isPairs },
  {
    role: 'exclusions',
    by: ['customer_id'],
    isSo: isCalled(
      /exclu|suppress|opt_?outs?|unsubscri|do_not_|block_?list|test_(customer|account|user)|^staff|_staff$/,
    ),
  },
  { role: 'overrides', by: ['customer_id', 'segment', 'stated_reason', 'author'] },
  { role: 'consent', by: ['customer_id', 'granted'], isSo: isNarrow },
  { role: 'survey', by: ['customer_id', 'question', 'answer'] },
  { role: 'tickets', by: ['customer_id', 'ticket_id'] },
]
/** What purchases may have too. */
const weakSignatures: readonly Signature[] = [
  { role: 'events', by: ['customer_id', 'event', 'occurred_at'] },
  { role: 'touches', by: ['customer_id', 'campaign'] },
]

/**
 * The role that the columns of a place give away.
 *
 * @param purchases the same place read as purchases
 * @returns undefined for purchases, attributes of customers, and places without customers
 */
export function guessRole(
  place: LookedPlace,
  purchases: SourceGuess,
  corrections: Corrections,
): SourceGuess | undefined {
  const said = corrections.roles[place.name]
  if (said !== undefined) {
    if (said === 'transactions' || said === 'customers' || said === 'lookup' || said === 'none') return undefined
    return readAs(said, place, corrections, 'as you say')
  }
  const found = (list: readonly Signature[]): SourceGuess | undefined => {
    for (const { role, by, isSo } of list) {
      const read = readAs(role, place, corrections, '')
      const named = by.map((column) => read.columns.find((guess) => guess.column === column))
      if (named.some((guess) => guess === undefined) || !(isSo?.(place) ?? true)) continue
      // A list of staff has addresses of mail, which are no ids of customers.
      if (role === 'exclusions' && /mail|name/.test(JSON.stringify(named[0]!.from).toLowerCase())) continue
      const told = named.flatMap((guess) => (typeof guess!.from === 'string' ? [guess!.from] : []))
      return {
        ...read,
        because: `${role !== 'exclusions' ? '' : 'its name, and '}its columns ${told.join(', ')}`,
      }
    }
    return undefined
  }
  return found(signatures) ?? (isPurchase(purchases) ? undefined : found(weakSignatures))
}

/** Columns that a source of its role must have and this one has not, neither itself nor by a lookup. */
export function missingOf(source: SourceGuess): readonly string[] {
  const { role } = source
  if (role === 'lookup' || role === 'none') return []
  return roles[role].required.filter((column) => !hasColumn(source, column))
}

function isPurchase({ columns, hasMadeOrders }: SourceGuess): boolean {
  const has = (column: string): boolean => columns.some((guess) => guess.column === column)
  return (has('order_id') && !hasMadeOrders && has('amount')) || (has('quantity') && has('unit_price'))
}

/** A place read as a role, with the columns it has for it. */
function readAs(role: SignedRole, place: LookedPlace, corrections: Corrections, because: string): SourceGuess {
  const corrected = corrections.columns[place.name] ?? {}
  const columns = guessColumns(place, rolePatterns[role], corrected)
  const isAnswered = role === 'touches' && !columns.some(({ column }) => column === 'responded')
  return {
    name: place.name,
    place,
    role,
    because,
    columns: isAnswered && !('responded' in corrected) ? [...columns, ...answers(place, columns)] : columns,
    lookups: [],
    hasMadeOrders: false,
  }
}

/** Where the rows are answers, such as redemptions, each of them says yes. */
function answers(place: LookedPlace, columns: readonly ColumnGuess[]): readonly ColumnGuess[] {
  const instant = columns.find(({ column }) => column === 'occurred_at')?.from
  const names = [place.name, ...(typeof instant === 'string' ? [instant] : [])]
  const found = names.find((name) =>
    /redemption|redeemed|response|responded|conver(sion|ted)|click/.test(plainName(name)),
  )
  if (found === undefined) return []
  const because = `each row is an answer, going by ${found}`
  return [{ column: 'responded', from: { sql: 'true' }, types: {}, because, example: null }]
}
