import type { DataRole } from '../run/data-roles.ts'

/** What is known of one customer in one period, and what figures are made of. */
export interface Term {
  readonly meaning: string
  /** Over a row of the grid: a whole number, or money where `isMoney`. */
  readonly sql: string
  readonly isMoney?: true
  /** Roles it is read from, with columns that a source of the role has to map. Absent: none. */
  readonly needs?: readonly { readonly role: DataRole; readonly columns?: readonly string[] }[]
  /** Known of the newest period only. */
  readonly isNewestOnly?: true
  /** Looks into the period before. */
  readonly looksBack?: true
}

const bought = [{ role: 'transactions' }] as const
const touched = (...columns: string[]) => [{ role: 'touches', columns }] as const
const indicator = (condition: string): string => `case when ${condition} then 1 else 0 end`

export const terms = {
  members: { meaning: 'customers of the segment who were known before the period was over', sql: '1' },
  buyers: { meaning: 'members with an order in the period', sql: indicator('coalesce(orders, 0) > 0'), needs: bought },
  orders: { meaning: 'orders in the period, returns left out', sql: 'coalesce(orders, 0)', needs: bought },
  ordered: {
    meaning: 'what the orders of the period were worth, returns left out',
    sql: 'coalesce(ordered, 0)',
    isMoney: true,
    needs: bought,
  },
  spent: {
    meaning: 'the sum of all lines of the period, returns as negative amounts',
    sql: 'coalesce(spent, 0)',
    isMoney: true,
    needs: bought,
  },
  earlierBuyers: {
    meaning: 'members with an order in the period before',
    sql: indicator('coalesce(orders_before, 0) > 0'),
    needs: bought,
    looksBack: true,
  },
  retained: {
    meaning: 'those of them with an order in this period too',
    sql: indicator('coalesce(orders_before, 0) > 0 and coalesce(orders, 0) > 0'),
    needs: bought,
    looksBack: true,
  },
  repeatBuyers: {
    meaning: 'members who ordered at two or more different times in the period',
    sql: indicator('coalesce(came_again, false)'),
    needs: bought,
  },
  lifetime: {
    meaning: 'the sum of all lines up to the end of the period, returns as negative amounts',
    sql: 'coalesce(lifetime, 0)',
    isMoney: true,
    needs: bought,
  },
  predicted: {
    meaning: 'what feature lifetimeValue expects of the customer from the as-of on',
    sql: 'coalesce(predicted, 0)',
    isMoney: true,
    isNewestOnly: true,
  },
  forecast: {
    meaning: 'members of whom it expects anything',
    sql: indicator('predicted is not null'),
    isNewestOnly: true,
  },
  costed: {
    meaning: 'amount of the lines of the period whose cost is known, returns as negative amounts',
    sql: 'coalesce(costed, 0)',
    isMoney: true,
    needs: [{ role: 'transactions', columns: ['cost'] }],
  },
  earned: {
    meaning: 'the same less the cost of these lines',
    sql: 'coalesce(costed, 0) - coalesce(line_cost, 0)',
    isMoney: true,
    needs: [{ role: 'transactions', columns: ['cost'] }],
  },
  active: {
    meaning: 'members with an event in the period',
    sql: indicator('coalesce(event_count, 0) > 0'),
    needs: [{ role: 'events' }],
  },
  rated: { meaning: 'members who said in the period how satisfied they are', sql: indicator('rating is not null') },
  satisfied: {
    meaning: 'those of them whose latest answer is satisfied',
    sql: indicator('coalesce(is_satisfied, false)'),
  },
  answered: {
    meaning: 'members who said in the period whether they would recommend',
    sql: indicator('recommends is not null'),
    needs: [{ role: 'survey' }],
  },
  recommendation: {
    meaning: 'their latest answer: 1 for 9 and 10 (promoter), 0 for 7 and 8, −1 below (detractor)',
    sql: 'case when recommends >= 9 then 1 when recommends >= 7 then 0 when recommends is not null then -1 else 0 end',
    needs: [{ role: 'survey' }],
  },
  reached: {
    meaning: 'members with a touch in the period',
    sql: indicator('coalesce(touch_count, 0) > 0'),
    needs: touched(),
  },
  contacts: {
    meaning: 'campaigns that reached a member for the first time in the period, each once',
    sql: 'coalesce(contacts, 0)',
    needs: touched('responded'),
  },
  responses: {
    meaning: 'those of them that the member answered before the newest period was over',
    sql: 'coalesce(responses, 0)',
    needs: touched('responded'),
  },
  contactCost: {
    meaning: 'cost of the touches of the period',
    sql: 'coalesce(contact_cost, 0)',
    isMoney: true,
    needs: touched('cost'),
  },
  converted: {
    meaning: 'reached members with an order in the period that is attributed to a touch',
    sql: indicator('coalesce(touch_count, 0) > 0 and coalesce(attributed_orders, 0) > 0'),
    needs: [...touched(), ...bought],
  },
  attributed: {
    meaning: 'revenue of the period that is attributed to touches',
    sql: 'coalesce(attributed, 0)',
    isMoney: true,
    needs: touched(),
  },
} as const satisfies Readonly<Record<string, Term>>

export type TermName = keyof typeof terms

export function termOf(name: TermName): Term {
  return terms[name]
}
