import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import { TooFewCustomers } from '../../errors/too-few-customers.ts'

/** The summary of one shard, and of all of them added up. */
export interface FeatureCounts {
  /** Customers with at least one order: one row each. */
  readonly customers: number
  /** Customers whose only lines are returns: no row, because nothing they bought is known. */
  readonly customersWithoutOrder: number
  /** From the first order to the as-of; null without orders. */
  readonly historyDays: number | null
}

const DAY_US = 86_400_000_000

/** Reads the result of the `counts` query. */
export function readFeatureCounts(row: Readonly<Record<string, unknown>>): FeatureCounts {
  return {
    customers: Number(row.customers),
    customersWithoutOrder: Number(row.customers_without_order),
    historyDays: row.history_us === null ? null : Number(row.history_us) / DAY_US,
  }
}

/** Shards share no customer, so counts add up. @throws TooFewCustomers when none has an order */
export function addFeatureCounts(shards: readonly FeatureCounts[]): FeatureCounts {
  const counts = shards.reduce<FeatureCounts>(
    (total, shard) => ({
      customers: total.customers + shard.customers,
      customersWithoutOrder: total.customersWithoutOrder + shard.customersWithoutOrder,
      historyDays: longer(total.historyDays, shard.historyDays),
    }),
    { customers: 0, customersWithoutOrder: 0, historyDays: null },
  )
  if (counts.customers === 0)
    throw new TooFewCustomers(
      `None of ${counts.customersWithoutOrder} customers has an order: all their clean lines are returns.`,
      'Look at the sign of amount in the source, and at the condition of rule cancellations.',
    )
  return counts
}

function longer(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}

/**
 * Every customer of the clean rows is in the features or known to have no order.
 *
 * @param where for the message: `shard 3`, `all shards`
 * @throws CountsDoNotReconcile
 */
export function assertEveryCustomer(
  { customers, customersWithoutOrder }: Pick<FeatureCounts, 'customers' | 'customersWithoutOrder'>,
  expectedCustomers: number,
  where: string,
): void {
  if (customers + customersWithoutOrder === expectedCustomers) return
  throw new CountsDoNotReconcile(
    `Features of ${where} were made for ${customers} customers, and ${customersWithoutOrder} have no order, but there are ${expectedCustomers}.`,
    'This is a fault of resegment, not of the data: report it with the run id, then start the next revision.',
  )
}
