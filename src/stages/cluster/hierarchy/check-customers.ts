import { TooFewCustomers } from '../../../errors/too-few-customers.ts'

const REMEDY =
  'Lower minimumCustomers or minimumShare of the last of cluster.levels, or widen the windows of the features so that more customers qualify; then rerun.'

/** @throws TooFewCustomers when there are not enough for two groups */
export function checkMinimum(customerCount: number, minimum: number): void {
  if (customerCount >= 2 * minimum) return
  throw new TooFewCustomers(
    `Cannot make 2 segments of at least ${minimum} customers from ${customerCount} ${customerCount === 1 ? 'customer' : 'customers'}.`,
    REMEDY,
  )
}

/** @throws TooFewCustomers when nothing could be split off */
export function checkSplit(groupCount: number, customerCount: number, minimum: number): void {
  if (groupCount > 1) return
  throw new TooFewCustomers(
    `No way to split the ${customerCount} customers leaves at least ${minimum} on both sides: they are too alike, or only a few differ.`,
    REMEDY,
  )
}
